import vm, { SourceTextModule, constants, createContext } from "node:vm";
import { TestEnvironment as NodeEnvironment } from "jest-environment-node";

// When this event comes, the jest worker has closed every handle. Without the explicit exit, Node would
// first free the heaps of all test files. This takes longer than the 500 ms that jest gives a worker to
// end.
process.once("beforeExit", () => {
  process.exit();
});

/** The sources and the codes of modules, by identifier. */
const compiled = new Map();

/**
 * Jest compiles all modules again for each test file, because each file has a new context. The modules
 * of the app take V8 0.2 s, or a fifth of this with the code that V8 made before.
 */
class CompiledOnce extends SourceTextModule {
  constructor(source, options) {
    const cachedData = codeOf(options.identifier, source);
    try {
      super(source, { ...options, cachedData });
    } catch (error) {
      // V8 refuses its code after a test changed the flags of V8.
      if (error.code !== "ERR_VM_MODULE_CACHED_DATA_REJECTED") throw error;
      compiled.delete(options.identifier);
      super(source, options);
    }
    if (codeOf(options.identifier, source)) return;
    compiled.set(options.identifier, { source, code: this.createCachedData() });
  }
}

/** V8 compares only the lengths of sources, so the text is compared here. */
function codeOf(identifier, source) {
  const known = compiled.get(identifier);
  return known?.source === source ? known.code : undefined;
}

vm.SourceTextModule = CompiledOnce;

/**
 * Jest's environment with an ordinary global object. The global object of jest's own environment is a
 * proxy, which makes every read of a global such as Math 200 times slower. Speech, sound and the
 * loading of modules read millions of globals.
 */
export default class TestEnvironment extends NodeEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = ordinaryCopyOf(this.global);
    this.context = this.global;
    this.moduleMocker = new this.moduleMocker.constructor(this.global);
    const FakeTimers = this.fakeTimersModern.constructor;
    this.fakeTimersModern = new FakeTimers({ config: config.projectConfig, global: this.global });
  }
}

/** Returns the global object of a new context, with Node's and jest's own globals. */
function ordinaryCopyOf(jestGlobal) {
  const global = createContext(constants.DONT_CONTEXTIFY);
  const own = new Set(Object.getOwnPropertyNames(global));
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(jestGlobal))) {
    if (!own.has(name)) Object.defineProperty(global, name, descriptorOf(name, descriptor, global));
  }
  // Node's own modules accept and return arrays of these classes, so tests need the same classes.
  Object.assign(global, { global, ArrayBuffer, Uint8Array });
  // Jest's environment has this limit too. Node's default of 10 lines hides where a test failed.
  global.Error.stackTraceLimit = 100;
  return global;
}

/** Jest's getters keep the value that they read in jest's global object, so getters of ours replace them. */
function descriptorOf(name, { get, ...descriptor }, global) {
  if (!get) return descriptor;
  const { enumerable } = descriptor;
  return {
    ...{ configurable: true, enumerable },
    get: () => globalThis[name],
    set: (value) =>
      Object.defineProperty(global, name, {
        configurable: true,
        enumerable,
        value,
        writable: true,
      }),
  };
}
