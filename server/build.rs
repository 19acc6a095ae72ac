//! Puts the built web app (`ui/dist`) into the program: plain, and as `*.br` and `*.gz` where the build made them.
//! Without a build the program has no pages, and says so.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let dist = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../ui/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    // A folder that is not there would make cargo run this, and compile the server, at every build.
    fs::create_dir_all(&dist)?;
    collect(&dist, &mut files)?;
    files.sort();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("webapp.rs");
    let mut code = fs::File::create(out)?;
    writeln!(code, "static FILES: &[File] = &[")?;
    for file in &files {
        let name = file.strip_prefix(&dist).expect("inside").to_string_lossy().replace('\\', "/");
        let etag = format!("{:016x}", fnv(&fs::read(file)?));
        let include = |path: PathBuf| {
            if path.exists() { format!("include_bytes!({:?})", path.canonicalize().expect("exists")) } else { "&[]".into() }
        };
        let with = |extension: &str| include(PathBuf::from(format!("{}.{extension}", file.display())));
        writeln!(
            code,
            "File {{ path: {:?}, mime: {:?}, immutable: {}, etag: {:?}, plain: {}, gzip: {}, brotli: {} }},",
            format!("/{name}"),
            mime(file),
            name.starts_with("assets/"),
            format!("\"{etag}\""),
            include(file.clone()),
            with("gz"),
            with("br"),
        )?;
    }
    writeln!(code, "];")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !matches!(path.extension().and_then(|e| e.to_str()), Some("br" | "gz")) {
            files.push(path);
        }
    }
    Ok(())
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}

/// FNV-1a: enough to tell one build from another.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
