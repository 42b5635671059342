/* The proposed address separates words as the server does: dots, slashes and dashes become hyphens. */

const plain = window.URLify;

window.URLify = (text, ...rest) => plain(
  text.normalize("NFC")
    .replace(/['’‘ʼ`´]|\.(?=[ºª])|\u00ad|\u200b|\ufeff/g, "")
    .normalize("NFKC").replace(/[^\p{L}\p{N}\p{M}]+/gu, "-"),
  ...rest,
).replace(/^-+|-+$/g, "");
