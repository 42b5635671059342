// Hashes a chosen or dropped file of <form data-verify> in the browser and posts its sum to the form's address.
// A POST and not ?sha256=: an answer about "su copia" must be in no address that can be passed on to another reader.
// The file never leaves the machine. It is read in pieces, so its size does not matter: the browser's own
// crypto.subtle wants a whole file at once, and is used for small ones, where it is there (https or localhost).

const WHOLE = 16 * 2 ** 20; // bytes up to which crypto.subtle gets the file as one
const PIECE = 2 ** 20; // bytes hashed between two looks at the page

const form = document.querySelector("form[data-verify]");

if (form && File.prototype.arrayBuffer) {
  const input = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");
  const status = form.querySelector("[data-verify-status]");
  const hint = form.querySelector("[data-verify-here]"); // only now is it true that the file stays
  hint.textContent = hint.dataset.verifyHere;
  let running = 0; // the number of the last start: an older one stops by itself

  const say = (text) => { status.textContent = text; };

  const verify = async (file) => {
    const mine = ++running;
    let told = 0;
    bar.hidden = false;
    bar.value = 0;
    say(`Calculando la huella de «${file.name}»…`);
    try {
      const sum = await hash(file, (part) => {
        if (mine !== running) throw new Error("another file was chosen");
        bar.value = part;
        const quarter = Math.floor(part * 4);
        if (quarter > told && part < 1) { told = quarter; say(`Calculando la huella: ${quarter * 25} %.`); }
      });
      if (mine !== running) return;
      say("Huella calculada. Buscándola en este sitio…");
      post(form.getAttribute("action"), sum);
    } catch {
      if (mine !== running) return;
      bar.hidden = true;
      say("No se pudo leer el archivo. Compruebe que no es una carpeta, que sigue en su sitio y que tiene permiso para abrirlo.");
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files[0]) verify(input.files[0]);
  });
  for (const name of ["dragenter", "dragover"]) form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("is-over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    const files = event.dataTransfer.files;
    if (files.length !== 1) return say("Suelte un solo archivo.");
    input.files = files;
    verify(files[0]);
  });
  addEventListener("pageshow", () => { bar.hidden = true; say(""); }); // back from the answer
}

function post(action, sum) {
  const answer = document.createElement("form");
  const field = document.createElement("input");
  Object.assign(answer, { method: "post", action, hidden: true });
  Object.assign(field, { type: "hidden", name: "sha256", value: sum });
  answer.append(field);
  document.body.append(answer);
  answer.submit();
}

async function hash(file, progress) {
  if (file.size <= WHOLE && globalThis.crypto?.subtle) {
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
  }
  const sum = new Sha256();
  for (let start = 0; start < file.size; start += PIECE) {
    sum.update(new Uint8Array(await file.slice(start, start + PIECE).arrayBuffer()));
    progress(Math.min((start + PIECE) / file.size, 1));
  }
  return hex(sum.digest());
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// SHA-256 as in FIPS 180-4, fed piece by piece. Every piece but the last is a multiple of 64 bytes.
class Sha256 {
  constructor() {
    this.k = firstBits(64, 3);
    this.state = firstBits(8, 2);
    this.words = new Int32Array(64);
    this.rest = new Uint8Array(0);
    this.length = 0;
  }

  update(bytes) {
    const whole = bytes.length - (bytes.length % 64);
    this.length += bytes.length;
    this.blocks(bytes, whole);
    this.rest = bytes.subarray(whole);
  }

  digest() {
    const { rest, length } = this;
    const last = new Uint8Array(rest.length < 56 ? 64 : 128);
    last.set(rest);
    last[rest.length] = 0x80;
    const view = new DataView(last.buffer);
    view.setUint32(last.length - 8, Math.floor(length / 2 ** 29));
    view.setUint32(last.length - 4, (length << 3) >>> 0);
    this.blocks(last, last.length);
    const out = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, n) => { out.setInt32(4 * n, word); });
    return new Uint8Array(out.buffer);
  }

  blocks(bytes, end) {
    const { k, state, words: w } = this;
    for (let at = 0; at < end; at += 64) {
      for (let t = 0, p = at; t < 16; t++, p += 4) w[t] = bytes[p] << 24 | bytes[p + 1] << 16 | bytes[p + 2] << 8 | bytes[p + 3];
      for (let t = 16; t < 64; t++) {
        const x = w[t - 15];
        const y = w[t - 2];
        const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
        const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1 | 0;
      }
      let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
      for (let t = 0; t < 64; t++) {
        const S1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
        const one = h + S1 + (e & f ^ ~e & g) + k[t] + w[t] | 0;
        const S0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
        const two = S0 + (a & b ^ a & c ^ b & c) | 0;
        h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
      }
      state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
    }
  }
}

// The first 32 bits of the fractions of the roots of the first primes: where SHA-256 takes its constants from.
function firstBits(count, root) {
  const words = [];
  for (let n = 2; words.length < count; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
    if (isPrime) words.push((n ** (1 / root) % 1) * 2 ** 32 | 0);
  }
  return Int32Array.from(words);
}
