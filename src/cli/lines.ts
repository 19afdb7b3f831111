/**
 * The declarations of the commands. They load no other code, so that help is quick and needs no database.
 */
import { declareCommand } from "../platform/command-line/command-line.js";

/** The options that say who does something. */
const PERSON = {
  user: { value: "NAME", about: "who does this", default: "ada" },
  "create-user": { about: "makes the user if there is none of this name" },
} as const;

/** The options of a command that reads a text. */
const TEXT = {
  name: {
    value: "NAME",
    about: "the name of the text as a file; default the name of FILE, or standard-input",
  },
  language: {
    value: "TAG",
    about: "the language of the text, for example en or pt-BR; default what the file says, else en",
  },
  encoding: {
    value: "NAME",
    about:
      "the encoding of a text, for example windows-1252; default what the file says, else utf-8",
  },
} as const;

const TITLE = { value: "TEXT", about: "the title; default what the file says" } as const;

const FORMATS =
  "FILE is plain text, Markdown, HTML, EPUB or DOCX; its bytes tell the format. A single - is standard input.";

export const START = declareCommand({
  call: "npm start",
  summary: "starts PostgreSQL, the API and a worker, and prints addresses and tokens",
  options: {},
  notes: [
    "Environment variables are the settings, for example PORT, HOST, DATA_DIR and DATABASE_URL; OPERATIONS.md lists them.",
    "Ctrl-C or SIGTERM stops everything.",
  ],
  examples: ["npm start", "PORT=4001 DATA_DIR=/tmp/fabula npm start"],
});

export const WORKER = declareCommand({
  call: "npm run worker --",
  summary: "starts another worker process on the same database",
  options: {},
  notes: [
    "The settings are the environment variables of npm start.",
    "Ctrl-C or SIGTERM stops the worker.",
  ],
  examples: ["npm run worker", "WORKER_THREADS=4 npm run worker"],
});

export const TOKEN = declareCommand({
  call: "npm run -s token --",
  summary: "prints a development token of a user, and nothing else",
  words: {
    ...{ form: "NAME", least: 1, most: 1 },
    about: "a demo user (ada, ben, cleo), or a user made before",
  },
  options: {
    "create-user": { about: "allows a new name: the first request with the token makes the user" },
  },
  examples: [
    "npm run -s token -- ada",
    'curl -H "Authorization: Bearer $(npm run -s token -- ada)" …',
  ],
});

export const IMPORT = declareCommand({
  call: "npm run import --",
  summary: "makes a story of each file, with its chapters, title and author",
  words: {
    ...{ form: "FILE|DIR|- …", least: 1, most: 10_000 },
    about: "the files; a folder stands for the texts in it",
  },
  options: {
    ...PERSON,
    title: TITLE,
    ...TEXT,
    publish: { about: "makes the story public; without this, the story is a draft" },
  },
  notes: [FORMATS, "Prints a line for each story. A file that fails does not stop the others."],
  examples: [
    "npm run import -- book.epub --publish",
    "cat night.md | npm run -s import -- - --name night.md --user ben",
  ],
});

export const NARRATE = declareCommand({
  call: "npm run narrate --",
  summary: "speaks a text: publishes it, and writes NAME.mp3, NAME.vtt and NAME.json",
  words: { form: "FILE|-", about: "the text", least: 1, most: 1 },
  options: {
    ...PERSON,
    title: TITLE,
    ...TEXT,
    voice: {
      value: "VOICE",
      about:
        "a name such as Sally, an id such as flite:slt, or mine for a voice of your own; default the first voice",
    },
    out: { value: "DIR", about: "the folder for the files; default the current folder" },
  },
  notes: [FORMATS],
  examples: [
    "npm run narrate -- night.txt --voice Sally --out sound",
    'echo "The bell rang." | npm run -s narrate -- - --name bell',
  ],
});

export const ANALYZE = declareCommand({
  call: "npm run -s analyze --",
  summary: "writes NAME.json, the analysis of a text; needs no database",
  words: {
    ...{ form: "FILE|DIR|-", least: 1, most: 1 },
    about: "the text; a folder stands for the texts in it",
  },
  options: {
    ...TEXT,
    out: {
      value: "DIR",
      about:
        "the folder for the documents, and for NAME.txt, the text that their offsets count in; default the current folder, without texts",
    },
    model: {
      about:
        "the language model of LLM_URL and LLM_MODEL reads the text, too; sends the text there and prints what that cost",
    },
  },
  notes: [FORMATS, "A file of a folder that fails does not stop the others."],
  examples: [
    "npm run -s analyze -- night.txt --out analysed",
    "npm run -s analyze -- stories/ --language de",
    "LLM_URL=http://127.0.0.1:11434/v1 LLM_MODEL=qwen3:8b npm run -s analyze -- night.txt --model",
  ],
});

export const INTROSPECTION = declareCommand({
  call: "npm run -s introspection --",
  summary: "prints the schema as introspection JSON, for tools that generate types",
  options: { sdl: { about: "prints the schema as text instead, as in schema.graphql" } },
  notes: ["Needs no database and no server."],
  examples: [
    "npm run -s introspection > schema.json",
    "npm run -s introspection -- --sdl > schema.graphql",
  ],
});

export const VOICE = declareCommand({
  call: "npm run voice --",
  summary: "makes a voice of your own; without an option, prints what you agree to",
  words: {
    ...{ form: "[EMOTION …]", least: 0, most: 100 },
    about: "with --train: the emotions to train; default all with enough speech",
  },
  options: {
    ...PERSON,
    agree: { value: "VERSION", about: "records that you agree to this version of the statement" },
    prompt: { value: "EMOTION", about: "prints texts to read aloud", isRepeatable: true },
    sample: {
      value: "EMOTION=FILE",
      about: "sends a recording; the words read in line.wav are in line.txt",
      isRepeatable: true,
    },
    train: { about: "trains your voice from the samples, and waits" },
    name: { value: "NAME", about: "with --train: what the voice is called" },
    list: { about: "lists your voices and their state" },
  },
  examples: [
    "npm run voice -- --prompt neutral",
    "npm run voice -- --sample neutral=line.wav --train --name Mine",
  ],
});

/** The commands of this folder, by the word that starts each. */
export const CLI_LINES = {
  token: TOKEN,
  import: IMPORT,
  narrate: NARRATE,
  analyze: ANALYZE,
  introspection: INTROSPECTION,
  voice: VOICE,
} as const;
