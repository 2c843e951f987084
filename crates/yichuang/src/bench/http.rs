//! A plain HTTP/1.1 client for loads on loopback: keep-alive, one request at a time per connection.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What a load came to.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    pub bytes: usize,
}

/// Asks for the paths in turn over `connections` for a while.
pub async fn load(
    address: SocketAddr,
    paths: &[String],
    cookie: &str,
    connections: usize,
    lasting: Duration,
) -> Result<Load> {
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..connections {
        let requests: Vec<Vec<u8>> = paths
            .iter()
            .cycle()
            .skip(number)
            .take(paths.len())
            .map(|path| {
                format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n").into_bytes()
            })
            .collect();
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut waits = Vec::new();
            let mut buffer = vec![0; 1 << 20];
            let mut bytes = 0;
            for request in requests.iter().cycle() {
                let started = Instant::now();
                if started - begun >= lasting {
                    break;
                }
                stream.write_all(request).await?;
                bytes = read_response(&mut stream, &mut buffer).await?;
                waits.push(started.elapsed());
            }
            anyhow::Ok((waits, bytes))
        }));
    }
    let (mut waits, mut bytes) = (Vec::new(), 0);
    for task in tasks {
        let (own, size) = task.await??;
        waits.extend(own);
        bytes = size;
    }
    let lasted = begun.elapsed().as_secs_f64();
    waits.sort_unstable();
    let share = |hundredths: usize| waits.get(waits.len() * hundredths / 100).copied().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "counts of a short run")]
    let per_second = waits.len() as f64 / lasted;
    Ok(Load { per_second, p50: share(50), p99: share(99), bytes })
}

async fn read_response(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            bail!("the server closed the connection");
        }
        filled += read;
        let Some(head) = buffer[..filled].windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(&buffer[..head])?.to_ascii_lowercase();
        if !text.starts_with("http/1.1 200") {
            bail!("{}", text.lines().next().unwrap_or_default());
        }
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:")).map(str::trim);
        let Some(length) = length.and_then(|length| length.parse::<usize>().ok()) else {
            bail!("a page without content-length");
        };
        let whole = head + 4 + length;
        while filled < whole {
            let read = stream.read(&mut buffer[filled..]).await?;
            if read == 0 {
                bail!("the server closed the connection");
            }
            filled += read;
        }
        return Ok(whole);
    }
}
