/** What app and screens must agree on of the export of video, without a schema. */

export const longestExportMs = 3_600_000
/** Where a shell hands out what a ticket stands for: the ticket follows. */
export const exportPath = '/exports/'
