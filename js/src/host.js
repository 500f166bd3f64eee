// The machine that the command runs on, as Node has it. `src/bindings/js_cli.rs` says what is asked of it.

import {
  appendFileSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isatty } from "node:tty";
import { getSystemErrorMap } from "node:util";
import { Nodes } from "./live.js";

const CHUNK = 64 * 1024;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** Thrown where the module expects a failure: an object with these two. */
class Failure extends Error {
  /**
   * @param {string} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/**
 * @param {unknown} error
 * @returns {Failure}
 */
function failure(error) {
  if (error instanceof Failure) return error;
  const { code, errno, message } = /** @type {NodeJS.ErrnoException} */ (error);
  // Node's own message repeats the call and the path.
  const words = errno === undefined ? message : (getSystemErrorMap().get(errno)?.[1] ?? message);
  switch (code) {
    case "ENOENT":
      return new Failure("not-found", words);
    case "EACCES":
    case "EPERM":
      return new Failure("permission-denied", words);
    case "EISDIR":
      return new Failure("is-a-directory", words);
    case "ENOTDIR":
      return new Failure("not-a-directory", words);
    case "EPIPE":
      return new Failure("broken-pipe", words);
    default:
      return new Failure("other", words);
  }
}

/**
 * Runs `body`; what Node throws leaves in the form that the module reads.
 * @template T
 * @param {() => T} body
 */
function attempt(body) {
  try {
    return body();
  } catch (error) {
    throw failure(error);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Pipes and terminals can be in non-blocking mode: whoever shares them decides. Then a read or a write
 * is refused for now, and there is nothing to do but wait.
 * @param {() => number} body
 */
function patiently(body) {
  for (;;) {
    try {
      return body();
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== "EAGAIN" && code !== "EINTR") throw error;
      Atomics.wait(pause, 0, 0, 2);
    }
  }
}

/**
 * The bytes that come at once; 0 at the end.
 * @param {number} descriptor
 * @param {Buffer} chunk
 */
function readOnce(descriptor, chunk) {
  try {
    return patiently(() => readSync(descriptor, chunk, 0, chunk.length, null));
  } catch (error) {
    // Windows says so where a pipe's other end is closed.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EOF") return 0;
    throw error;
  }
}

/** What `askNodes` asks. @type {Nodes | undefined} */
let nodes;

/** What `open` opened. @type {number | undefined} */
let open;
const piece = Buffer.allocUnsafe(CHUNK);

function close() {
  const descriptor = open;
  open = undefined;
  if (descriptor !== undefined && descriptor !== STDIN) closeSync(descriptor);
}

/**
 * All bytes of a descriptor. Its size is not asked for: pipes and /proc do not know it.
 * @param {number} descriptor
 * @param {number} limit
 */
function readAll(descriptor, limit) {
  const chunks = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const count = readOnce(descriptor, chunk);
    if (count === 0) break;
    length += count;
    if (length > limit) throw new Failure("too-large", `more than ${limit} bytes`);
    chunks.push(chunk.subarray(0, count));
  }
  return Buffer.concat(chunks, length);
}

/**
 * @param {number} descriptor
 * @param {string} text
 */
function writeAll(descriptor, text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const chunk = rest;
    rest = chunk.subarray(patiently(() => writeSync(descriptor, chunk)));
  }
}

/**
 * @param {string} path
 * @param {Uint8Array} expected
 */
function assertUnchanged(path, expected) {
  if (readFileSync(path).equals(expected)) return;
  throw new Failure("other", "it is not as it was when it was read, or is not plain UTF-8");
}

/**
 * @param {string} path
 * @param {Uint8Array | undefined} expected
 * @param {Uint8Array} bytes
 */
function replaceFile(path, expected, bytes) {
  if (expected === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw new Failure("other", "there is one already");
    writeBeside(path, bytes, (beside) => renameSync(beside, path));
    return;
  }
  const real = realpathSync(path);
  if (dirname(real) !== realpathSync(dirname(path))) {
    throw new Failure("other", "it is a link to another directory");
  }
  // A rename would also replace a file that its owner has locked against writing.
  closeSync(openSync(real, constants.O_WRONLY));
  assertUnchanged(real, expected);
  const original = statSync(real);
  writeBeside(
    real,
    bytes,
    (beside) => {
      assertUnchanged(real, expected);
      renameSync(beside, real);
    },
    original,
  );
}

/**
 * Writes a temporary file beside another and hands it on; whatever fails, it is removed.
 * @param {string} path
 * @param {Uint8Array} bytes
 * @param {(beside: string) => void} use
 * @param {import("node:fs").Stats} [original] whose owner and mode it gets
 */
function writeBeside(path, bytes, use, original) {
  const beside = join(dirname(path), `.${basename(path)}.kubelet-audit-${process.pid}`);
  const descriptor = openSync(beside, "wx", 0o600);
  try {
    try {
      // Before the content: nobody may read it who could not read the original.
      if (original !== undefined) {
        const own = fstatSync(descriptor);
        if (own.uid !== original.uid || own.gid !== original.gid) fchownSync(descriptor, original.uid, original.gid);
        fchmodSync(descriptor, original.mode);
      }
      writeFileSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (!readFileSync(beside).equals(bytes)) throw new Failure("other", "what was written reads otherwise");
    use(beside);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** The methods that `JsHost` in `src/bindings/js_cli.rs` names. */
export const host = {
  /**
   * @param {string} path
   * @param {number} limit
   */
  readFile(path, limit) {
    return attempt(() => {
      const descriptor = openSync(path, constants.O_RDONLY);
      try {
        if (fstatSync(descriptor).isDirectory()) throw new Failure("is-a-directory", "is a directory");
        return readAll(descriptor, limit);
      } finally {
        closeSync(descriptor);
      }
    });
  },

  /**
   * The same as `cli/src/hosts/replace.rs`: a temporary file beside it, renamed over it.
   * @param {string} path
   * @param {Uint8Array | undefined} expected
   * @param {Uint8Array} bytes
   */
  replaceFile(path, expected, bytes) {
    return attempt(() => replaceFile(path, expected, bytes));
  },

  /** @param {number} limit */
  readStdin(limit) {
    return attempt(() => readAll(STDIN, limit));
  },

  /**
   * Opens a file, or standard input for `-`, for `read`; one at a time.
   * @param {string} path
   */
  open(path) {
    attempt(() => {
      close();
      if (path === "-") {
        open = STDIN;
        return;
      }
      const descriptor = openSync(path, constants.O_RDONLY);
      if (fstatSync(descriptor).isDirectory()) {
        closeSync(descriptor);
        throw new Failure("is-a-directory", "is a directory");
      }
      open = descriptor;
    });
  },

  /** The next bytes of what is open; none at its end. The buffer is used again by the next call. */
  read() {
    return attempt(() => {
      if (open === undefined) return piece.subarray(0, 0);
      const count = readOnce(open, piece);
      if (count === 0) close();
      return piece.subarray(0, count);
    });
  },

  /** @param {string} path */
  listDirectory(path) {
    return attempt(() =>
      // Links are not followed: the kubelet does not either.
      readdirSync(path, { withFileTypes: true }).map((entry) =>
        entry.isDirectory() ? `${entry.name}/` : entry.name,
      ),
    );
  },

  /** @param {string} path */
  isDirectory(path) {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  },

  /** @param {string} path */
  createFile(path) {
    attempt(() => writeFileSync(path, ""));
  },

  /**
   * @param {string} path
   * @param {string} text
   */
  appendFile(path, text) {
    attempt(() => appendFileSync(path, text));
  },

  /** @param {string} text */
  writeStdout(text) {
    attempt(() => writeAll(STDOUT, text));
  },

  /** @param {string} text */
  writeStderr(text) {
    try {
      writeAll(STDERR, text);
    } catch {
      // There is nowhere left to say so.
    }
  },

  /** @param {string} name */
  variable(name) {
    return process.env[name];
  },

  now() {
    return Math.floor(Date.now() / 1000);
  },

  /**
   * Starts to ask nodes, through kubectl.
   * @param {string[]} names
   * @param {boolean} all
   * @param {string | undefined} selector
   * @param {string | undefined} context
   * @param {number} concurrency
   * @param {number} timeout
   * @param {number} retries
   */
  askNodes(names, all, selector, context, concurrency, timeout, retries) {
    attempt(() => {
      nodes = new Nodes({ names, all, selector, context, concurrency, timeout, retries });
    });
  },

  /** The next node's name, version, answer and reason why there is none; nothing behind the last. */
  nextNode() {
    return attempt(() => nodes?.next() ?? []);
  },

  stdoutColumns() {
    // `process.stdout` is looked at only where it is a terminal: on a pipe, looking changes its mode.
    return isatty(STDOUT) ? (process.stdout.columns ?? 0) : undefined;
  },
};
