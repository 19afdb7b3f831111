// Records from the microphone, and reports the level and the time.
const { navigator, isSecureContext, AudioContext, Blob, MediaRecorder } = globalThis;
const { performance, setInterval, clearInterval } = globalThis;

// Safari records only mp4. All other browsers record webm.
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/webm"];
/** The server accepts 180 s. The recording ends a little earlier, because stopping takes time. */
export const LONGEST_SECONDS = 175;
const REPORT_MS = 100;
/** The meter's lowest value. */
const SILENCE_DB = -60;

/** Browsers change the sound for calls. A voice is trained from the sound as it is. */
const SOUND = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: 1,
};

const failure = (name) => Object.assign(new Error(name), { name });

/**
 * Begins a recording. Calls `onReport` ten times a second with the level in dB and the seconds so far.
 * Calls `onEnd` once with the sound: after `stop`, at the longest length, or if the microphone is
 * disconnected.
 * @throws Error whose name tells why the microphone does not open
 */
export async function beginRecording({ onReport, onEnd }) {
  if (!isSecureContext) throw failure("InsecureContext");
  if (!navigator.mediaDevices?.getUserMedia || !MediaRecorder) throw failure("NotSupportedError");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
  const close = () => stream.getTracks().forEach((track) => track.stop());
  try {
    return record(stream, { onReport, onEnd, close });
  } catch (error) {
    close();
    throw error;
  }
}

function record(stream, { onReport, onEnd, close }) {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
  const meter = levelMeter(stream);
  const pieces = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  recorder.start();
  const beganMs = performance.now();
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const timer = setInterval(() => {
    const seconds = (performance.now() - beganMs) / 1000;
    onReport({ dB: meter.level(), seconds });
    if (seconds >= LONGEST_SECONDS) stop();
  }, REPORT_MS);
  recorder.addEventListener("stop", () => {
    clearInterval(timer);
    meter.close();
    close();
    onEnd(new Blob(pieces, { type: recorder.mimeType }));
  });
  return { stop };
}

/** Measures the level of the last 43 ms. */
function levelMeter(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.max(SILENCE_DB, 10 * Math.log10(power));
    },
    close: () => void context.close(),
  };
}
