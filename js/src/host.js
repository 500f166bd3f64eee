// The machine that the command runs on, as Node has it. `cli/src/hosts/javascript.rs` says what is asked of it.

import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
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
 * Reads an original again and checks that it is what the fix was made for.
 * @param {number} descriptor
 * @param {Uint8Array} expected
 */
function assertUnchanged(descriptor, expected) {
  if (readFileSync(descriptor).equals(expected)) return;
  throw new Failure("other", "the file changed on disk since it was read, or is not UTF-8");
}

// Windows has neither of the two.
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const NONBLOCK = constants.O_NONBLOCK ?? 0;

/**
 * Opens a file itself for reading and writing: a link fails, and a FIFO does not wait.
 * @template T
 * @param {string} path
 * @param {(descriptor: number) => T} use
 */
function withOriginal(path, use) {
  const descriptor = openSync(path, constants.O_RDWR | NOFOLLOW | NONBLOCK);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Node opens no file relative to an open directory, so whoever may write in the directory could swap it. Root
 * writes files for others to trust: it refuses such a directory.
 * @param {string} directory
 */
function refuseSharedDirectory(directory) {
  if (process.geteuid?.() !== 0) return;
  for (let path = directory; ; path = dirname(path)) {
    const { uid, mode } = statSync(path);
    const isSticky = (mode & 0o1000) !== 0 && path !== directory;
    if (uid !== 0 || ((mode & 0o022) !== 0 && !isSticky)) {
      throw new Failure("other", `others than root can write to ${path}; use the native command, or --diff`);
    }
    if (path === dirname(path)) return;
  }
}

/**
 * @param {string} path
 * @param {Uint8Array | undefined} expected
 * @param {Uint8Array} bytes
 */
function replaceFile(path, expected, bytes) {
  const directory = realpathSync(dirname(path));
  refuseSharedDirectory(directory);
  if (expected === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw new Failure("other", "the file exists");
    }
    const temporary = createTemporary(path, 0o600);
    // A link, unlike a rename, does not replace a file that was made meanwhile.
    placed(temporary, bytes, () => {
      linkSync(temporary.path, path);
      rmSync(temporary.path);
    });
    return;
  }
  const real = realpathSync(path);
  if (dirname(real) !== directory) throw new Failure("other", "is a link to another directory");
  // Open for writing, too: a rename would also replace a file that its owner locked against writing.
  const original = withOriginal(real, (descriptor) => {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Failure("other", "not a regular file");
    if (stat.nlink > 1) {
      throw new Failure("other", "the file has several hard links, and the others would keep the old content");
    }
    assertUnchanged(descriptor, expected);
    return stat;
  });
  const temporary = createTemporary(real, 0o600, original);
  placed(temporary, bytes, () => {
    withOriginal(real, (descriptor) => assertUnchanged(descriptor, expected));
    renameSync(temporary.path, real);
  });
}

/**
 * A file in the making, under a name that nobody can foresee.
 * @typedef {{ path: string, descriptor: number }} Temporary
 */

/**
 * @param {string} path that it will take
 * @param {number} mode without the umask
 * @param {import("node:fs").Stats} [original] whose owner and mode it gets
 * @returns {Temporary}
 */
function createTemporary(path, mode, original) {
  const suffix = randomBytes(8).toString("hex");
  const temporary = join(dirname(path), `.${basename(path)}.kubelet-audit-${suffix}`);
  const descriptor = openSync(temporary, "wx+", mode);
  try {
    // Before the content: nobody may read it who could not read the original.
    if (original !== undefined) {
      const own = fstatSync(descriptor);
      if (own.uid !== original.uid || own.gid !== original.gid) fchownSync(descriptor, original.uid, original.gid);
      fchmodSync(descriptor, original.mode);
    }
  } catch (error) {
    discard({ path: temporary, descriptor });
    throw error;
  }
  return { path: temporary, descriptor };
}

/** @param {Temporary} temporary */
function discard({ path, descriptor }) {
  closeSync(descriptor);
  rmSync(path, { force: true });
}

/**
 * Fills a temporary file and puts it in place; whatever fails, it is removed.
 * @param {Temporary} temporary
 * @param {Uint8Array} bytes
 * @param {() => void} put
 */
function placed(temporary, bytes, put) {
  try {
    writeFileSync(temporary.descriptor, bytes);
    fsyncSync(temporary.descriptor);
    const read = Buffer.alloc(bytes.length + 1);
    const length = readSync(temporary.descriptor, read, 0, read.length, 0);
    if (!read.subarray(0, length).equals(bytes)) {
      throw new Failure("other", "the disk returns other bytes than were written");
    }
    put();
  } catch (error) {
    discard(temporary);
    throw error;
  }
  closeSync(temporary.descriptor);
}

/**
 * What tells one file from every other, whatever its spelling.
 * @param {import("node:fs").BigIntStats} stat
 */
const identity = (stat) => `${stat.dev}:${stat.ino}`;

/** The files that this run read. @type {Set<string>} */
const inputs = new Set();

/** @param {number} descriptor */
function noteInput(descriptor) {
  inputs.add(identity(fstatSync(descriptor, { bigint: true })));
}

/**
 * An output: a file that takes its place when it is whole, or a pipe, a terminal, or a device.
 * @typedef {object} Output
 * @property {number} descriptor
 * @property {Temporary} [temporary]
 * @property {string} [path] without links
 * @property {string} [file] identity of the file that is there
 * @property {string} [mayReplace] identity of an input that it may replace
 */

/** @type {Map<number, Output>} */
const outputs = new Map();

// What was not finished is not left behind.
process.on("exit", () => {
  for (const { temporary } of outputs.values()) if (temporary !== undefined) discard(temporary);
});

/** @param {Output} output */
function refuseInput({ file, mayReplace }) {
  if (file !== undefined && file !== mayReplace && inputs.has(file)) {
    throw new Failure("other", "the file is an input of this run");
  }
}

/**
 * @param {string} path
 * @param {string} [mayReplace]
 * @returns {number}
 */
function createOutput(path, mayReplace) {
  const id = outputs.size;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) throw new Failure("is-a-directory", "is a directory");
  if (stat !== undefined && !stat.isFile()) {
    outputs.set(id, { descriptor: openSync(path, constants.O_WRONLY) });
    return id;
  }
  const real = stat === undefined ? join(realpathSync(dirname(path)), basename(path)) : realpathSync(path);
  const allowed =
    mayReplace === undefined ? undefined : statSync(mayReplace, { bigint: true, throwIfNoEntry: false });
  const there = statSync(real, { bigint: true, throwIfNoEntry: false });
  // A rename would also replace a file that its owner locked against writing.
  if (there !== undefined) closeSync(openSync(real, constants.O_WRONLY | constants.O_APPEND));
  /** @type {Omit<Output, "descriptor">} */
  const output = {
    path: real,
    file: there === undefined ? undefined : identity(there),
    mayReplace: allowed === undefined ? undefined : identity(allowed),
  };
  refuseInput({ ...output, descriptor: -1 });
  for (const other of outputs.values()) {
    if (other.path === real || (other.file !== undefined && other.file === output.file)) {
      throw new Failure("other", "another output of this run has the same path");
    }
  }
  const temporary = createTemporary(real, 0o666, stat);
  outputs.set(id, { ...output, temporary, descriptor: temporary.descriptor });
  return id;
}

/** @param {number} id */
function finishOutput(id) {
  const output = outputs.get(id);
  if (output === undefined) return;
  const { descriptor, temporary, path } = output;
  if (temporary === undefined || path === undefined) {
    closeSync(descriptor);
  } else {
    refuseInput(output);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary.path, path);
  }
  outputs.set(id, { ...output, temporary: undefined, descriptor: -1 });
}

/**
 * What an entry of a directory is: a link is followed to a file, not to a directory.
 * @param {string} directory
 * @param {import("node:fs").Dirent<Buffer>} entry
 * @returns {string}
 */
function kindOf(directory, entry) {
  if (!isUtf8(entry.name)) return "a name that is not UTF-8";
  if (entry.isDirectory()) return "directory";
  if (!entry.isSymbolicLink()) return entry.isFile() ? "file" : special(entry);
  try {
    const target = statSync(join(directory, entry.name.toString()));
    if (target.isDirectory()) return "a link to a directory";
    return target.isFile() ? "file" : special(target);
  } catch {
    return "a link to nothing";
  }
}

/** @param {{ isFIFO(): boolean, isSocket(): boolean }} entry */
function special(entry) {
  if (entry.isFIFO()) return "a FIFO";
  return entry.isSocket() ? "a socket" : "a device";
}

/** The methods that `JsHost` in `cli/src/hosts/javascript.rs` names. */
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
        noteInput(descriptor);
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
    return attempt(() => {
      noteInput(STDIN);
      return readAll(STDIN, limit);
    });
  },

  /**
   * Opens a file, or standard input for `-`, for `read`; one at a time.
   * @param {string} path
   */
  open(path) {
    attempt(() => {
      close();
      if (path === "-") {
        noteInput(STDIN);
        open = STDIN;
        return;
      }
      const descriptor = openSync(path, constants.O_RDONLY);
      if (fstatSync(descriptor).isDirectory()) {
        closeSync(descriptor);
        throw new Failure("is-a-directory", "is a directory");
      }
      noteInput(descriptor);
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

  /**
   * Names and kinds, in turn.
   * @param {string} path
   */
  listDirectory(path) {
    return attempt(() =>
      readdirSync(path, { withFileTypes: true, encoding: "buffer" }).flatMap((entry) => [
        entry.name.toString(),
        kindOf(path, entry),
      ]),
    );
  },

  /** @param {string} path */
  isDirectory(path) {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  },

  /**
   * @param {string} path
   * @param {string} [mayReplace]
   */
  createOutput(path, mayReplace) {
    return attempt(() => createOutput(path, mayReplace));
  },

  /**
   * @param {number} id
   * @param {string} text
   */
  writeOutput(id, text) {
    attempt(() => writeAll(outputs.get(id)?.descriptor ?? -1, text));
  },

  /** @param {number} id */
  finishOutput(id) {
    attempt(() => finishOutput(id));
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
