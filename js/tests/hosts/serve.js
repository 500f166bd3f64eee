// The other side of host-tests/src/lines.rs: a line is a request, the answer is a line. `#COUNT REQUEST`
// asks so many times and answers with the bytes of memory after a tenth of them and at the end.

import { createInterface } from "node:readline";

export async function serve(answer, memory) {
  for await (const line of createInterface({ input: process.stdin })) {
    let text;
    try {
      const [, count, request] = /^#(\d+) (.*)$/s.exec(line) ?? [];
      text = count ? await repeated(Number(count), () => answer(request), memory) : await answer(line);
    } catch (error) {
      text = `!${error.code ?? error.message ?? error}`;
    }
    process.stdout.write(`${text.replaceAll("\n", " ")}\n`);
  }
}

async function repeated(count, answer, memory) {
  const sizes = [];
  for (let done = 1; done <= count; done += 1) {
    await answer();
    if (done === Math.ceil(count / 10) || done === count) sizes.push(memory());
  }
  return sizes.join(" ");
}
