//! Opening a file: gzip is undone, a byte order mark is taken off.

use crate::{FileError, file_error::GzipDamage};
use flate2::read::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

type Rewound<R> = Chain<Cursor<Vec<u8>>, R>;

/// The text of a file, gzipped or not.
#[derive(Debug)]
pub struct Input<R: Read>(BufReader<Rewound<Source<R>>>);

#[derive(Debug)]
enum Source<R: Read> {
    Plain(Rewound<R>),
    Gzip(Box<MultiGzDecoder<Rewound<R>>>),
}

/// Opens a file by its first bytes: gzip (of one member or several) is undone as it is read, a UTF-8 byte order mark
/// is taken off.
///
/// # Errors
/// When the first bytes cannot be read, or show a zip archive or UTF-16 text.
pub fn open<R: Read>(mut reader: R) -> Result<Input<R>, FileError> {
    let head = first_bytes(&mut reader, 4).map_err(FileError::unreadable)?;
    let gzip = head.starts_with(&[0x1f, 0x8b]);
    refuse(&head)?;
    let rewound = Cursor::new(head).chain(reader);
    let mut source = if gzip { Source::Gzip(Box::new(MultiGzDecoder::new(rewound))) } else { Source::Plain(rewound) };
    let mut head = first_bytes(&mut source, 4).map_err(FileError::unreadable)?;
    refuse(&head)?;
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        head.drain(..3);
    }
    Ok(Input(BufReader::with_capacity(1 << 16, Cursor::new(head).chain(source))))
}

fn refuse(head: &[u8]) -> Result<(), FileError> {
    if head.starts_with(b"PK\x03\x04") {
        return Err(FileError::new("zip_archive", "this is a zip archive: unpack it and import the files inside"));
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(FileError::new("utf_16", "this is UTF-16 text: save it as UTF-8 (in Excel: \"CSV UTF-8\")"));
    }
    Ok(())
}

fn first_bytes(reader: &mut impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; most];
    let mut held = 0;
    while held < most {
        match reader.read(&mut bytes[held..]) {
            Ok(0) => break,
            Ok(read) => held += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(held);
    Ok(bytes)
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Gzip(reader) => reader.read(buffer).map_err(|error| match error.kind() {
                kind @ (InvalidData | InvalidInput | UnexpectedEof) => io::Error::new(kind, GzipDamage(error)),
                _ => error,
            }),
        }
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.0.consume(amount);
    }
}
