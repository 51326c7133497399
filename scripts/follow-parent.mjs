/** Preloaded into every process the launcher starts: ends it when the launcher dies without a word, so nothing is orphaned. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
