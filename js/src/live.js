// Nodes of a cluster, asked while the command waits. The command is one synchronous call, so a thread of
// its own (live-worker.js) starts kubectl, several at a time, and hands the answers over one by one.

import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { MessageChannel, Worker, receiveMessageOnPort } from "node:worker_threads";

const STDERR = 2;
/** Milliseconds between two looks at how far it is. */
const TICK = 200;

/**
 * @typedef {object} Query
 * @property {string[]} names
 * @property {boolean} all
 * @property {string | undefined} selector
 * @property {string | undefined} context
 * @property {number} concurrency
 * @property {number} timeout seconds
 * @property {number} retries
 */

/**
 * What the thread sends: first how many nodes there are, then their answers in order. Where `failure` is
 * set there is nothing more to come.
 * @typedef {{ total: number } | { name: string, version: string, text: string, reason: string } | { failure: string }} Message
 */

/** The nodes that are being asked. */
export class Nodes {
  /** @param {Query} query */
  constructor(query) {
    const { port1, port2 } = new MessageChannel();
    // How many messages were sent, and how many nodes have answered or failed so far.
    this.counts = new Int32Array(new SharedArrayBuffer(12));
    this.port = port1;
    this.taken = 0;
    this.total = 0;
    const worker = new Worker(new URL("./live-worker.js", import.meta.url), {
      workerData: { query, port: port2, counts: this.counts },
      transferList: [port2],
    });
    // When the command ends, nobody waits for the rest.
    worker.unref();
    this.progress = new Progress();
    const first = this.receive();
    if ("failure" in first) throw new Error(first.failure);
    if ("total" in first) this.total = first.total;
  }

  /** The next node's name, version, answer and reason why there is none; nothing behind the last. */
  next() {
    if (this.taken === this.total) {
      this.port.close();
      return [];
    }
    this.taken += 1;
    this.port.postMessage("next");
    const answer = this.receive();
    if ("failure" in answer) throw new Error(answer.failure);
    if (!("name" in answer)) throw new Error("the thread that asks lost its place");
    return [answer.name, answer.version, answer.text, answer.reason];
  }

  /** @returns {Message} */
  receive() {
    for (;;) {
      const sent = Atomics.load(this.counts, 0);
      const received = receiveMessageOnPort(this.port);
      if (received) {
        this.progress.hide();
        return received.message;
      }
      Atomics.wait(this.counts, 0, sent, TICK);
      this.progress.show(this.counts[1], this.counts[2], this.total);
    }
  }
}

/** A line on standard error, where that is a terminal; it is there only while the command waits. */
class Progress {
  constructor() {
    this.isOn = isatty(STDERR) && process.env.TERM !== "dumb";
    this.isShown = false;
  }

  /**
   * @param {number} done
   * @param {number} failed
   * @param {number} total
   */
  show(done, failed, total) {
    if (this.isOn) this.write(`\r\x1b[K${line(done, failed, total, process.stderr.columns ?? 80)}`);
    this.isShown = this.isOn;
  }

  hide() {
    if (this.isShown) this.write("\r\x1b[K");
    this.isShown = false;
  }

  /** @param {string} text */
  write(text) {
    try {
      writeSync(STDERR, text);
    } catch {
      this.isOn = false;
    }
  }
}

/**
 * `asking nodes [#####-----] 12/24, 1 failed`
 * @param {number} done
 * @param {number} failed
 * @param {number} total
 * @param {number} columns
 */
export function line(done, failed, total, columns) {
  if (total === 0) return "asking for the nodes ...".slice(0, columns - 1);
  const counts = `${done}/${total}${failed > 0 ? `, ${failed} failed` : ""}`;
  const room = Math.min(30, columns - counts.length - "asking nodes [] ".length - 1);
  if (room < 5) return counts.slice(0, Math.max(0, columns - 1));
  const full = Math.floor((done / total) * room);
  return `asking nodes [${"#".repeat(full)}${"-".repeat(room - full)}] ${counts}`;
}
