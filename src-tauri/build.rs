//! Puts the window's bundled page and what it may ask for into the program.

fn main() {
    tauri_build::build();
}
