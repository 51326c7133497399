/**
 * Imported first by each entry: how many threads Node’s pool gets, decided when it is first used (libuv, threadpool.c). Node’s own number is 4, for files,
 * cryptography and names together; besides those there is room here for serial drivers that hang, four inside a call of `driverCalls` and four
 * inside a read or write that should not wait and does. A number given from outside stands.
 */
process.env.UV_THREADPOOL_SIZE ??= '12'
