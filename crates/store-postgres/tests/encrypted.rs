//! TLS: a server whose certificate is valid, and one whose certificate is not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use store::{Batch, Expected, Position, Store, StoreError};
use store_postgres::testing::Server;
use store_postgres::{PostgresOptions, PostgresStore};

mod load;
use load::{at, event, stream};

/// A certificate authority, and its certificate for `localhost`.
fn certificates(folder: &Path) {
    let openssl = |arguments: &str| {
        let ran = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
        assert!(ran.status.success(), "{arguments}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
        .unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for authority in ["ca", "other"] {
        openssl(&format!(
            "req -x509 {key} -keyout {authority}.key -out {authority}.pem -days 2 -subj /CN={authority}"
        ));
    }
    openssl(&format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile names",
    );
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_known_by_its_certificate_or_not_spoken_to() {
    let folder = Folder(std::env::temp_dir().join(format!("yichuang-certificates-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    certificates(&folder.0);
    let mut server = Server::start(&[]).unwrap();
    server.crash().unwrap();
    server.keep_file("server.crt", &std::fs::read(folder.0.join("server.crt")).unwrap()).unwrap();
    server.keep_file("server.key", &std::fs::read(folder.0.join("server.key")).unwrap()).unwrap();
    let port = free_port();
    server.set(&["ssl=on", "listen_addresses=127.0.0.1", &format!("port={port}")]);
    match server.start_again() {
        // A server built without TLS, such as the second version that `ops/test` installs, cannot be tested
        // here.
        Err(error) if error.to_string().contains("SSL is not supported by this build") => return,
        started => started.unwrap(),
    }

    let open = |host: &str, authority: &str| {
        let ca = folder.0.join(authority).display().to_string();
        let url = format!("postgres://postgres@{host}:{port}/postgres?schema=n&sslrootcert={ca}");
        let mut options = PostgresOptions::new(&url).unwrap();
        options.patience = Duration::from_secs(2);
        PostgresStore::open(options)
    };
    let (a, b) = (open("localhost", "ca.pem").await.unwrap(), open("localhost", "ca.pem").await.unwrap());
    let mut told = b.subscribe();
    a.commit(Batch::new(at(0)).append(stream("s", 1), Expected::Any, vec![event()])).await.unwrap();
    told.wait_for(|told| *told == Position(1)).await.unwrap();
    // Another authority, another host name, a file without certificate.
    for (host, authority) in [("localhost", "other.pem"), ("127.0.0.1", "ca.pem"), ("localhost", "names")] {
        assert!(open(host, authority).await.is_err(), "{host} {authority}");
    }
    let url = format!("postgres://postgres@localhost:{port}/postgres?sslmode=require");
    let refused = PostgresStore::open(PostgresOptions::new(&url).unwrap()).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Malformed(why) if why.contains("sslrootcert")), "{refused}");
}
