// Reading codes with the camera. One decoder for every phone (zxing-cpp as WebAssembly, from this server), so that there
// is one thing to validate. What it reads is kept with its symbology identifier, byte for byte.
import { prepareZXingModule, readBarcodes, writeBarcode } from "/static/vendor/zxing/full/index.js";

const formats = ["DataMatrix", "QRCode", "Code128"];

prepareZXingModule({ overrides: { locateFile: () => "/static/vendor/zxing/zxing_full.wasm" } });

// warm loads the decoder, so that the cache of this page has it before the network is gone.
export const warm = () => prepareZXingModule({ overrides: { locateFile: () => "/static/vendor/zxing/zxing_full.wasm" }, fireImmediately: true });

// The bar code of a label is its donation number alone (ISBT 128), or trade item and batch (GS1): it names no container. A camera that sees it first goes on
// to the square code beside it; who scans it by hand or types it means it.
const barsAlone = /^(?:\]C0=[A-Z0-9]{15}.?|\]C101[0-9]{14}10[A-Z0-9*]+)$/;

// watch shows the camera in a video element and calls found with each code that is read, until the returned function is
// called.
export async function watch(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement("canvas");
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  let on = true;
  const look = async () => {
    if (!on) {
      return;
    }
    if (video.videoWidth > 0) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      paint.drawImage(video, 0, 0);
      for (const code of await readBarcodes(paint.getImageData(0, 0, canvas.width, canvas.height), { formats, maxNumberOfSymbols: 2 })) {
        const scan = scanOf(code);
        if (on && code.isValid && !barsAlone.test(scan)) {
          found(scan);
        }
      }
    }
    if (on) {
      setTimeout(look, 60);
    }
  };
  look();
  return () => {
    on = false;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}

// scanOf is what a hand scanner would have sent: the symbology identifier and the content.
function scanOf(code) {
  const text = new TextDecoder("utf-8").decode(code.bytes);
  return (code.symbologyIdentifier ?? "") + text;
}

// draw paints a code for another phone to read.
export async function draw(canvas, text) {
  const written = await writeBarcode(text, { format: "QRCode", options: "ecLevel=L", scale: 1 });
  if (written.error) {
    throw new Error(written.error);
  }
  const { data, width, height } = written.symbol;
  const scale = Math.max(2, Math.floor(720 / width));
  const quiet = 4 * scale;
  canvas.width = width * scale + 2 * quiet;
  canvas.height = height * scale + 2 * quiet;
  const paint = canvas.getContext("2d");
  paint.fillStyle = "#ffffff";
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.fillStyle = "#000000";
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) {
        paint.fillRect(quiet + x * scale, quiet + y * scale, scale, scale);
      }
    }
  }
}
