/** The languages that can be coloured: name of the grammar, title, and what else people write. Known before the grammars are loaded. */
const LANGUAGES: [name: string, title: string, ...aliases: string[]][] = [
  ["arduino", "Arduino", "ino"],
  ["bash", "Bash", "sh", "zsh"],
  ["c", "C", "h"],
  ["cpp", "C++", "cc", "c++", "h++", "hpp", "hh", "hxx", "cxx"],
  ["csharp", "C#", "cs", "c#"],
  ["css", "CSS"],
  ["diff", "Diff", "patch"],
  ["go", "Go", "golang"],
  ["graphql", "GraphQL", "gql"],
  ["ini", "TOML", "toml"],
  ["java", "Java", "jsp"],
  ["javascript", "JavaScript", "js", "jsx", "mjs", "cjs"],
  ["json", "JSON", "jsonc", "json5"],
  ["kotlin", "Kotlin", "kt", "kts"],
  ["less", "Less"],
  ["lua", "Lua", "pluto"],
  ["makefile", "Makefile", "mk", "mak", "make"],
  ["objectivec", "Objective-C", "mm", "objc", "obj-c", "obj-c++", "objective-c++"],
  ["perl", "Perl", "pl", "pm"],
  ["php", "PHP"],
  ["python", "Python", "py", "gyp", "ipython"],
  ["r", "R"],
  ["ruby", "Ruby", "rb", "gemspec", "podspec", "thor", "irb"],
  ["rust", "Rust", "rs"],
  ["scss", "SCSS"],
  ["shell", "Shell", "console", "shellsession"],
  ["sql", "SQL"],
  ["swift", "Swift"],
  ["typescript", "TypeScript", "ts", "tsx", "mts", "cts"],
  ["vbnet", "Visual Basic", "vb"],
  ["wasm", "WebAssembly"],
  ["xml", "HTML, XML", "html", "xhtml", "rss", "atom", "xjb", "xsd", "xsl", "plist", "wsf", "svg"],
  ["yaml", "YAML", "yml"],
];

const byName = new Map(LANGUAGES.flatMap(([name, title, ...aliases]) => [name, ...aliases].map((alias) => [alias, { name, title }] as const)));

/** The language that is meant by what stands after the backticks. */
export const languageName = (written: string): { name: string; title: string } | undefined => byName.get(written.toLowerCase());
