/**
 * Drops the databases of this run and leaves the server. The server stops when the last run has left.
 */
export default async function stopTestDatabase() {
  const { testPresence, testPrefix, testServer } = globalThis;
  const { rows } = await testPresence.query(
    "SELECT datname FROM pg_database WHERE starts_with(datname, $1)",
    [testPrefix],
  );
  for (const { datname } of rows) {
    await testPresence.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  }
  await testPresence.end();
  await testServer.stop();
}
