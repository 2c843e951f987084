//! A plain HTTP/1.1 client for load tests on loopback: keep-alive, one request at a time per connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use store::testing::cpu_time;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The result of a load test.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Mean size of a response, head included.
    pub bytes: f64,
    /// Processor time of this process per response: the client's, and the server's if it runs in this
    /// process.
    pub cpu: Duration,
}

/// The bytes of a GET request.
pub fn get(path: &str, cookie: Option<&str>) -> Vec<u8> {
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}\r\n").into_bytes()
}

/// Sends the requests in turn over `connections` for `lasting`. Each connection starts at another request.
pub async fn load(
    address: SocketAddr,
    requests: &Arc<Vec<Vec<u8>>>,
    connections: usize,
    lasting: Duration,
) -> Result<Load> {
    if requests.is_empty() {
        bail!("nothing to ask for");
    }
    let (begun, cpu_before) = (Instant::now(), cpu_time());
    let mut tasks = Vec::new();
    for number in 0..connections {
        let requests = requests.clone();
        let first = number * requests.len() / connections;
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (mut waits, mut bytes) = (Vec::new(), 0);
            let mut buffer = vec![0; 1 << 20];
            for request in requests.iter().cycle().skip(first) {
                let started = Instant::now();
                if started - begun >= lasting {
                    break;
                }
                stream.write_all(request).await?;
                bytes += read_response(&mut stream, &mut buffer).await?;
                waits.push(started.elapsed());
            }
            anyhow::Ok((waits, bytes))
        }));
    }
    let (mut waits, mut bytes) = (Vec::new(), 0);
    for task in tasks {
        let (own, size) = task.await??;
        waits.extend(own);
        bytes += size;
    }
    let (lasted, cpu) = (begun.elapsed().as_secs_f64(), cpu_time().saturating_sub(cpu_before));
    waits.sort_unstable();
    let share = |hundredths: usize| waits.get(waits.len() * hundredths / 100).copied().unwrap_or_default();
    let answers = waits.len().max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts of a short run")]
    Ok(Load {
        per_second: waits.len() as f64 / lasted,
        p50: share(50),
        p99: share(99),
        bytes: bytes as f64 / answers as f64,
        cpu: cpu.checked_div(u32::try_from(answers)?).unwrap_or_default(),
    })
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
        let text = std::str::from_utf8(&buffer[..head])?;
        if !text.starts_with("HTTP/1.1 200") {
            bail!("{}", text.lines().next().unwrap_or_default());
        }
        let length = text.lines().filter_map(|line| line.split_once(':'));
        let length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let Some(length) = length.filter_map(|(_, length)| length.trim().parse::<usize>().ok()).next() else {
            bail!("a page without content-length");
        };
        let whole = head + 4 + length;
        if whole > buffer.len() {
            bail!("a page of {length} bytes");
        }
        while filled < whole {
            let read = stream.read(&mut buffer[filled..whole]).await?;
            if read == 0 {
                bail!("the server closed the connection");
            }
            filled += read;
        }
        return Ok(whole);
    }
}
