/** Runs named steps and counts how many passed and failed. */
export function stepReport() {
  const counts = { passed: 0, failed: 0 };
  const note = (name, fault) => {
    counts[fault === undefined ? "passed" : "failed"] += 1;
    console.log(`${fault === undefined ? "ok" : "not ok"} ${name}`);
    if (fault !== undefined) console.log(String(fault).replaceAll(/^/gm, "  "));
  };
  const step = async (name, work) => {
    try {
      const result = await work();
      note(name);
      return result;
    } catch (error) {
      note(name, error.message);
      return undefined;
    }
  };
  return { counts, note, step };
}
