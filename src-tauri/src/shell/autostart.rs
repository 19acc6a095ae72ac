//! The start with the session: a file that the desktop reads when somebody logs in (Desktop Application Autostart Specification).

use super::links::Start;
use crate::servers::replace;
use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};
use tauri::utils::{config::BundleType, platform::bundle_type};

/// The file's name.
const NAME: &str = "app.snug.Snug.desktop";

/// See the [module](self).
#[derive(Clone, Debug)]
pub struct Autostart {
    file: PathBuf,
    program: PathBuf,
}

/// How the app starts with the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starts {
    /// Not at all.
    Never,
    /// With its window.
    Shown,
    /// In the tray.
    Hidden,
}

impl Autostart {
    /// `folder` is where the person's settings are: `~/.config`.
    pub fn new(folder: &Path, program: PathBuf) -> Self {
        Self { file: folder.join("autostart").join(NAME), program }
    }

    /// How it is now. The desktop's own settings may have switched it off, and say so in the file.
    pub fn get(&self) -> Starts {
        let Ok(text) = fs::read_to_string(&self.file) else {
            return Starts::Never;
        };
        let says = |line: &str| text.lines().any(|said| said.trim() == line);
        if says("Hidden=true") || says("X-GNOME-Autostart-enabled=false") {
            Starts::Never
        } else if text.lines().any(|line| line.starts_with("Exec=") && line.ends_with(Start::HIDDEN)) {
            Starts::Hidden
        } else {
            Starts::Shown
        }
    }

    /// Changes it.
    pub fn set(&self, starts: Starts) -> io::Result<()> {
        let word = match starts {
            Starts::Never => {
                return match fs::remove_file(&self.file) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                    _ => Ok(()),
                };
            }
            Starts::Shown => String::new(),
            Starts::Hidden => format!(" {}", Start::HIDDEN),
        };
        let program = self.program.to_str().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the program's path is no text"))?;
        let text = format!(
            "[Desktop Entry]\nType=Application\nName=Snug\nComment=Text, voice and screens for friends\nIcon=app.snug.Snug\nExec={}{word}\nTerminal=false\n\
             StartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
            quoted(program)
        );
        replace(&self.file, text.as_bytes())
    }
}

/// The program as it will be found at the next start: an AppImage runs from a folder that is gone by then, and a program that was
/// replaced while it ran is named as deleted.
pub fn program() -> io::Result<PathBuf> {
    Ok(found(bundle_type().as_ref(), env::var_os("APPIMAGE"), env::current_exe()?))
}

fn found(bundle: Option<&BundleType>, image: Option<OsString>, program: PathBuf) -> PathBuf {
    match (bundle, image) {
        (Some(BundleType::AppImage), Some(image)) => image.into(),
        // An image that is named nevertheless is another program's, which started this one.
        _ => program.to_str().and_then(|path| path.strip_suffix(" (deleted)")).map(PathBuf::from).unwrap_or(program),
    }
}

/// A word in `Exec` (Desktop Entry Specification, "The Exec key"): within quotes, some characters are escaped, then once more as in any
/// value, and a percent sign is doubled.
fn quoted(word: &str) -> String {
    let mut text = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '`' | '$' => text.extend(["\\\\", c.encode_utf8(&mut [0; 4])]),
            '\\' => text.push_str("\\\\\\\\"),
            '%' => text.push_str("%%"),
            c => text.push(c),
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn autostart(program: &str) -> (tempfile::TempDir, Autostart) {
        let folder = tempfile::tempdir().unwrap();
        let autostart = Autostart::new(folder.path(), program.into());
        (folder, autostart)
    }

    #[test]
    fn it_is_off_until_it_is_wanted_and_again_after_it() {
        let (_folder, autostart) = autostart("/usr/bin/snug-desktop");
        assert_eq!(autostart.get(), Starts::Never);
        autostart.set(Starts::Never).unwrap();
        for starts in [Starts::Shown, Starts::Hidden, Starts::Shown, Starts::Never] {
            autostart.set(starts).unwrap();
            assert_eq!(autostart.get(), starts);
        }
        assert!(!autostart.file.exists());
    }

    #[test]
    fn the_file_says_which_program_and_how() {
        let (_folder, autostart) = autostart("/usr/bin/snug-desktop");
        autostart.set(Starts::Hidden).unwrap();
        let text = fs::read_to_string(&autostart.file).unwrap();
        assert!(text.starts_with("[Desktop Entry]\nType=Application\nName=Snug\n"), "{text}");
        assert!(text.contains("\nExec=\"/usr/bin/snug-desktop\" --hidden\n"), "{text}");
    }

    #[test]
    fn what_the_desktop_switched_off_is_off() {
        let (_folder, autostart) = autostart("/usr/bin/snug-desktop");
        autostart.set(Starts::Shown).unwrap();
        let text = fs::read_to_string(&autostart.file).unwrap();
        fs::write(&autostart.file, text.replace("enabled=true", "enabled=false")).unwrap();
        assert_eq!(autostart.get(), Starts::Never);
        fs::write(&autostart.file, text + "Hidden=true\n").unwrap();
        assert_eq!(autostart.get(), Starts::Never);
        autostart.set(Starts::Shown).unwrap();
        assert_eq!(autostart.get(), Starts::Shown);
    }

    #[test]
    fn the_image_of_another_program_is_not_started() {
        let (image, own) = ("/opt/Other.AppImage", "/usr/bin/snug-desktop");
        let program = |bundle: Option<BundleType>, image: Option<&str>, own: &str| found(bundle.as_ref(), image.map(Into::into), own.into());
        assert_eq!(program(Some(BundleType::AppImage), Some(image), own), Path::new(image));
        assert_eq!(program(Some(BundleType::AppImage), None, own), Path::new(own));
        assert_eq!(program(Some(BundleType::Deb), Some(image), own), Path::new(own));
        assert_eq!(program(None, Some(image), "/usr/bin/snug-desktop (deleted)"), Path::new(own));
    }

    #[test]
    fn paths_are_quoted_as_desktops_read_them() {
        assert_eq!(quoted("/opt/My Apps/snug"), "\"/opt/My Apps/snug\"");
        assert_eq!(quoted("/a%b"), "\"/a%%b\"");
        assert_eq!(quoted("/a\"$`b"), r#""/a\\"\\$\\`b""#);
        assert_eq!(quoted("/a\\b"), r#""/a\\\\b""#);
    }
}
