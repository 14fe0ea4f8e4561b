//! A file of limits, read as a whole.
//!
//! Only regular files are read: a named pipe would hold up the reader until somebody writes to it,
//! and a device may have no end. A file is read up to the limit of a text, whatever size it claims
//! to have.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::size::MaxSize;

/// Reads the text of a file. Blocks.
pub(super) fn read(path: &Path) -> io::Result<String> {
    let file = open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let max = MaxSize::get();
    let mut bytes = Vec::new();
    file.take(max.bytes() as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max.bytes() {
        return Err(io::Error::new(ErrorKind::FileTooLarge, max.exceeded()));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not valid UTF-8"))
}

/// Opens a file for reading. A named pipe does not block.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.open(path)
}
