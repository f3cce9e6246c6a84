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
use tonic::{Code, Status};

use crate::channel::Channel;
use crate::messages::{UploadAssetRequest, UploadData, UploadEof, UploadMetadata, UploadPart};
use crate::setup::Timings;

/// Bytes of one part. C1 takes up to twice as many.
const PART: usize = 512 * 1024;
/// How often an upload is tried that C1 answers with an error.
const ATTEMPTS: u32 = 3;
/// The longest pause between two attempts while C1 cannot be reached.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// An upload of which C1 takes nothing for this long has failed. After the last part C1 may read the whole file
/// before it answers.
const STALLED: Duration = Duration::from_secs(120);

/// Send a file for a task. While C1 cannot be reached this is tried longer than three times: an hour of reading is
/// not thrown away because of a minute.
pub(super) async fn upload(
    channel: &Channel,
    task_id: &str,
    file: &Path,
    timings: &Timings,
) -> Result<(), Status> {
    let checksum = checksum(file).await?;
    let mut attempt = 1;
    let mut failing = None;
    loop {
        let Err(status) = once(channel, task_id, file, &checksum).await else { return Ok(()) };
        let since = failing.get_or_insert_with(Instant::now).elapsed();
        let unreachable = status.code() == Code::Unavailable && since < timings.finish;
        if attempt >= ATTEMPTS && !unreachable {
            return Err(status);
        }
        let pause = pause_after(attempt, timings.upload);
        tracing::warn!(
            task_id,
            attempt,
            error = status.message(),
            next_attempt_seconds = pause.as_secs(),
            "the upload failed and is tried again"
        );
        tokio::time::sleep(pause).await;
        attempt += 1;
    }
}

/// None after the first attempt: most of what ends a stream is over when it has ended. Then it doubles.
fn pause_after(attempt: u32, unit: Duration) -> Duration {
    match attempt {
        0 | 1 => Duration::ZERO,
        _ => unit.saturating_mul(1 << (attempt - 2).min(16)).min(LONGEST_PAUSE),
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

    #[test]
    fn pauses_between_attempts_are_none_and_then_double_up_to_the_longest() {
        let seconds = |attempt| pause_after(attempt, Duration::from_secs(1)).as_secs();
        assert_eq!([1, 2, 3, 4, 5, 6, 7, 4_000_000_000].map(seconds), [0, 1, 2, 4, 8, 10, 10, 10]);
    }

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
