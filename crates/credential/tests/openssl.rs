//! Keys and signatures are exchanged with OpenSSL 3 in both directions.
//!
//! Where OpenSSL is missing or older the tests say so and pass, except under `CI`, where they fail.
#![allow(clippy::disallowed_methods, reason = "the other implementation is a program")]

mod fixture;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use credential::{DEFAULT_USER_ID, Digest, PublicKey, Signature, Signer as _, Sm2Signer};
use serde_json::Value;

fn openssl(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|fault| fault.to_string())?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn workspace(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the test folder can be made");
    let version = openssl(&folder, &["version"]).map(|text| String::from_utf8_lossy(&text).into_owned());
    let major = version.as_ref().ok().and_then(|text| text.split([' ', '.']).nth(1)?.parse::<u32>().ok());
    if major.is_some_and(|major| major >= 3) {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "OpenSSL 3 is needed here, found {version:?}");
    eprintln!("left out: OpenSSL 3 is needed, found {version:?}");
    None
}

const MESSAGES: [&[u8]; 4] = [b"", b"message digest", "甲事项".as_bytes(), &[0xa5; 5000]];

fn distid() -> String {
    format!("distid:{DEFAULT_USER_ID}")
}

#[test]
fn openssl_verifies_what_we_sign() {
    let Some(folder) = workspace("ours") else { return };
    for (at, seed) in (1u8..=8).enumerate() {
        let signer = Sm2Signer::generate(&[seed; 32]);
        let message = MESSAGES[at % MESSAGES.len()];
        let signature = signer.sign(message).unwrap();
        fs::write(folder.join("public.pem"), signer.public_key().to_pem()).unwrap();
        fs::write(folder.join("message"), message).unwrap();
        fs::write(folder.join("signature"), signature.to_der().unwrap()).unwrap();
        let distid = distid();
        let check = |user| {
            let arguments = "pkeyutl -verify -pubin -inkey public.pem -in message -rawin -digest sm3 -sigfile signature -pkeyopt";
            let mut arguments: Vec<_> = arguments.split(' ').collect();
            arguments.push(user);
            openssl(&folder, &arguments)
        };
        check(&distid).unwrap();
        assert!(check("distid:someone else").is_err(), "the user id is part of what is signed");
        fs::write(folder.join("message"), [message, b"x"].concat()).unwrap();
        assert!(check(&distid).is_err());
    }
}

#[test]
fn we_verify_what_openssl_signs_and_read_its_keys() {
    let Some(folder) = workspace("theirs") else { return };
    let key_forms: [&[&str]; 3] = [
        &["genpkey", "-algorithm", "SM2", "-out", "secret.pem"],
        &["ecparam", "-name", "SM2", "-genkey", "-out", "secret.pem"],
        &["ecparam", "-name", "SM2", "-genkey", "-noout", "-out", "secret.pem"],
    ];
    for (form, arguments) in key_forms.into_iter().enumerate() {
        openssl(&folder, arguments).unwrap();
        if form == 2 {
            // Converts the key to the SEC1 form.
            openssl(&folder, &["ec", "-in", "secret.pem", "-out", "secret.pem"]).unwrap();
        }
        openssl(&folder, &["pkey", "-in", "secret.pem", "-pubout", "-out", "public.pem"]).unwrap();
        let public = PublicKey::from_pem(&fs::read_to_string(folder.join("public.pem")).unwrap()).unwrap();
        let signer = Sm2Signer::from_pem(&fs::read_to_string(folder.join("secret.pem")).unwrap()).unwrap();
        assert_eq!(signer.public_key(), &public, "key form {form}");
        assert_eq!(public.to_pem(), fs::read_to_string(folder.join("public.pem")).unwrap());
        for message in MESSAGES {
            fs::write(folder.join("message"), message).unwrap();
            let distid = distid();
            let arguments =
                "pkeyutl -sign -inkey secret.pem -in message -rawin -digest sm3 -out signature -pkeyopt";
            let mut arguments: Vec<_> = arguments.split(' ').collect();
            arguments.push(&distid);
            openssl(&folder, &arguments).unwrap();
            let signature = Signature::from_der(&fs::read(folder.join("signature")).unwrap()).unwrap();
            assert!(public.verifies(message, &signature));
            assert!(!public.verifies(&[message, b"x"].concat(), &signature));
        }
    }
}

#[test]
fn openssl_reads_the_secret_keys_we_write() {
    let Some(folder) = workspace("written") else { return };
    let signer = Sm2Signer::generate(&[9; 32]);
    for pem in [signer.to_pkcs8_pem(), signer.to_sec1_pem()] {
        fs::write(folder.join("secret.pem"), pem).unwrap();
        let public = openssl(&folder, &["pkey", "-in", "secret.pem", "-pubout"]).unwrap();
        assert_eq!(String::from_utf8(public).unwrap(), signer.public_key().to_pem());
    }
}

#[test]
fn keys_of_other_curves_are_not_taken_for_ours() {
    let Some(folder) = workspace("curves") else { return };
    for arguments in
        ["genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", "ecparam -name prime256v1 -genkey"]
    {
        let pem = openssl(&folder, &arguments.split(' ').collect::<Vec<_>>()).unwrap();
        let pem = String::from_utf8(pem).unwrap();
        assert!(Sm2Signer::from_pem(&pem).is_err(), "{arguments}");
        fs::write(folder.join("secret.pem"), pem).unwrap();
        let public = openssl(&folder, &["pkey", "-in", "secret.pem", "-pubout"]).unwrap();
        assert!(PublicKey::from_pem(&String::from_utf8(public).unwrap()).is_err());
    }
}

#[test]
fn sm3_digests_agree() {
    let Some(folder) = workspace("digest") else { return };
    for message in MESSAGES {
        fs::write(folder.join("message"), message).unwrap();
        let theirs = openssl(&folder, &["dgst", "-sm3", "-r", "message"]).unwrap();
        assert_eq!(
            String::from_utf8(theirs).unwrap().split(' ').next().unwrap(),
            Digest::sm3(message).to_string()
        );
    }
}

/// As the docs of `SignedDocument` say: dropping one member gives the signed bytes, without any program of
/// ours.
#[test]
fn a_whole_file_checks_with_openssl_alone() {
    let Some(folder) = workspace("file") else { return };
    let signed = fixture::signed(fixture::licence());
    let text = str::from_utf8(signed.as_bytes()).unwrap();
    let file: Value = serde_json::from_str(text).unwrap();
    let value = file["signature"]["value"].as_str().unwrap();
    let message = text.replace(&format!(",\"value\":\"{value}\""), "");
    assert_eq!(message.len(), text.len() - value.len() - 11);
    fs::write(folder.join("message"), message).unwrap();
    fs::write(folder.join("signature"), signed.signature().value.to_der().unwrap()).unwrap();
    fs::write(folder.join("public.pem"), signed.signature().public_key.to_pem()).unwrap();
    let distid = distid();
    let arguments =
        "pkeyutl -verify -pubin -inkey public.pem -in message -rawin -digest sm3 -sigfile signature -pkeyopt";
    let mut arguments: Vec<_> = arguments.split(' ').collect();
    arguments.push(&distid);
    openssl(&folder, &arguments).unwrap();
}
