//! Sending a file to C1: who it is for, its bytes in parts, and a checksum of the whole.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use ring::digest::{Context, SHA256};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::time::Instant;
use tonic::Status;

use super::channel::Channel;
use super::messages::{UploadAssetRequest, UploadData, UploadEof, UploadMetadata, UploadPart};

/// Bytes of one part. C1 takes up to twice as many.
const PART: usize = 512 * 1024;
/// How often an upload is tried.
const ATTEMPTS: u32 = 3;
/// An upload of which C1 takes nothing for this long has failed. After the last part C1 may read the whole file
/// before it answers.
const STALLED: Duration = Duration::from_secs(120);

/// Send a file for a task.
pub(super) async fn upload(
    channel: &Channel,
    task_id: &str,
    file: &Path,
    pause: Duration,
) -> Result<(), Status> {
    let checksum = checksum(file).await?;
    let mut attempt = 1;
    loop {
        match once(channel, task_id, file, &checksum).await {
            Ok(()) => return Ok(()),
            Err(status) if attempt == ATTEMPTS => return Err(status),
            Err(status) => {
                tracing::warn!(
                    task_id,
                    attempt,
                    error = status.message(),
                    "the upload failed and is tried again"
                );
                // At once the first time: most of what ends a stream is over when it has ended.
                tokio::time::sleep(pause * (attempt - 1)).await;
                attempt += 1;
            }
        }
    }
}

async fn once(channel: &Channel, task_id: &str, path: &Path, checksum: &[u8]) -> Result<(), Status> {
    let file = File::open(path).await.map_err(|error| unreadable(path, &error))?;
    let watch = Arc::new(Mutex::new(Watch { moved: Instant::now(), broken: None }));
    let metadata = UploadMetadata { host_id: channel.host_id().to_owned(), task_id: task_id.to_owned() };
    let sending = Sending {
        next: Next::Metadata(metadata),
        file,
        path: path.to_owned(),
        checksum: checksum.to_vec(),
        buffer: BytesMut::new(),
        watch: watch.clone(),
    };
    let result = tokio::select! {
        result = channel.upload(parts(sending)) => result,
        () = stalled(&watch) => {
            channel.renew();
            Err(Status::deadline_exceeded(format!("C1 took nothing of the file for {} s", STALLED.as_secs())))
        }
    };
    // Why the file could not be read is worth more than what C1 thinks of half a file.
    let broken = watch.lock().ok().and_then(|mut watch| watch.broken.take());
    broken.map_or(result, Err)
}

/// What an upload tells while it runs.
struct Watch {
    moved: Instant,
    broken: Option<Status>,
}

/// Ends when nothing moved for too long.
async fn stalled(watch: &Mutex<Watch>) {
    loop {
        let Some(moved) = watch.lock().ok().map(|watch| watch.moved) else { return };
        let end = moved + STALLED;
        if Instant::now() >= end {
            return;
        }
        tokio::time::sleep_until(end).await;
    }
}

enum Next {
    Metadata(UploadMetadata),
    Data,
    End,
}

struct Sending {
    next: Next,
    file: File,
    path: PathBuf,
    checksum: Vec<u8>,
    buffer: BytesMut,
    watch: Arc<Mutex<Watch>>,
}

/// The messages of one upload, each made when C1 can take it.
fn parts(sending: Sending) -> impl Stream<Item = UploadAssetRequest> + Send + 'static {
    futures_util::stream::unfold(sending, |mut sending| async move {
        let part = sending.part().await?;
        Some((UploadAssetRequest { msg: Some(part) }, sending))
    })
}

impl Sending {
    async fn part(&mut self) -> Option<UploadPart> {
        if let Ok(mut watch) = self.watch.lock() {
            watch.moved = Instant::now();
        }
        match std::mem::replace(&mut self.next, Next::Data) {
            Next::Metadata(metadata) => Some(UploadPart::Metadata(metadata)),
            Next::Data => match read(&mut self.file, &mut self.buffer).await {
                Ok(data) if data.is_empty() => {
                    self.next = Next::End;
                    Some(UploadPart::Eof(UploadEof { sha256_checksum: self.checksum.clone() }))
                }
                Ok(data) => Some(UploadPart::Data(UploadData { data })),
                Err(error) => {
                    // Without its last part C1 does not take the file.
                    self.next = Next::End;
                    if let Ok(mut watch) = self.watch.lock() {
                        watch.broken = Some(unreadable(&self.path, &error));
                    }
                    None
                }
            },
            Next::End => {
                self.next = Next::End;
                None
            }
        }
    }
}

/// As many bytes as a part may have; fewer at the end of the file only.
async fn read(file: &mut File, buffer: &mut BytesMut) -> std::io::Result<Bytes> {
    buffer.reserve(PART);
    while buffer.len() < PART {
        let mut rest = (&mut *file).take((PART - buffer.len()) as u64);
        if rest.read_buf(buffer).await? == 0 {
            break;
        }
    }
    Ok(buffer.split().freeze())
}

async fn checksum(path: &Path) -> Result<Vec<u8>, Status> {
    let mut file = File::open(path).await.map_err(|error| unreadable(path, &error))?;
    let (mut context, mut buffer) = (Context::new(&SHA256), BytesMut::new());
    loop {
        let data = read(&mut file, &mut buffer).await.map_err(|error| unreadable(path, &error))?;
        if data.is_empty() {
            return Ok(context.finish().as_ref().to_vec());
        }
        context.update(&data);
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Status {
    Status::internal(format!("cannot read {} to upload it: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_in_whole_parts() {
        let directory = tempfile::tempdir().expect("a folder");
        for (size, parts) in [(0, 0), (1, 1), (PART, 1), (PART + 1, 2), (3 * PART, 3)] {
            let path = directory.path().join("file");
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            std::fs::write(&path, &bytes).expect("a file");
            let mut file = File::open(&path).await.expect("the file");
            let (mut found, mut count, mut buffer) = (Vec::new(), 0, BytesMut::new());
            loop {
                let part = read(&mut file, &mut buffer).await.expect("a part");
                if part.is_empty() {
                    break;
                }
                count += 1;
                found.extend_from_slice(&part);
            }
            assert_eq!((count, found == bytes), (parts, true), "{size} bytes");
            let whole = ring::digest::digest(&SHA256, &bytes);
            assert_eq!(checksum(&path).await.expect("a checksum"), whole.as_ref());
        }
    }
}
