// node embed.mjs DIST OUT: lays the files of DIST into OUT/assets.S (their bytes) and OUT/asset_table.cc
// (their paths, types and ETags). The same files give the same output.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

function filesOf(folder, prefix = "") {
  return readdirSync(join(folder, prefix)).flatMap((name) => {
    const path = `${prefix}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? filesOf(folder, path) : [path];
  });
}

const [dist, out] = process.argv.slice(2).map((path) => resolve(path));
const paths = filesOf(dist).sort((a, b) => (a < b ? -1 : 1));
const assets = paths.map((path, index) => {
  const type = types[extname(path)];
  if (type === undefined) {
    throw new Error(`${path}: no content type is known for it, add it to embed.mjs`);
  }
  const digest = createHash("sha256").update(readFileSync(join(dist, path))).digest("hex").slice(0, 32);
  return { path, type, digest, symbol: `watchpost_console_asset_${index}` };
});

const assembler = assets.map(
  ({ path, symbol }) => `    .balign 16
    .globl ${symbol}_begin, ${symbol}_end
${symbol}_begin:
    .incbin "${join(dist, path)}"
${symbol}_end:
`,
);
const declarations = assets.map(
  ({ symbol }) => `extern "C" const std::byte ${symbol}_begin[];
extern "C" const std::byte ${symbol}_end[];
`,
);
const rows = assets.map(
  ({ path, type, digest, symbol }) => `    Asset{.path = "${path}",
          .content_type = "${type}",
          .etag = "\\"${digest}\\"",
          .is_immutable = ${path.startsWith("/assets/")},
          .bytes = base::ByteView{${symbol}_begin, ${symbol}_end}},
`,
);

mkdirSync(out, { recursive: true });
writeFileSync(
  join(out, "assets.S"),
  `// Made by console/embed.mjs.
    .section .rodata
${assembler.join("")}    .section .note.GNU-stack, "", %progbits
`,
);
writeFileSync(
  join(out, "asset_table.cc"),
  `// Made by console/embed.mjs.
#include <array>
#include <cstddef>

#include "console_assets/assets.h"

${declarations.join("")}
namespace watchpost::console_assets {

std::span<const Asset> all() noexcept
{
    static const std::array assets{
${rows.join("")}    };
    return assets;
}

} // namespace watchpost::console_assets
`,
);
