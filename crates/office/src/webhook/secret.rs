//! How a secret and a message are written, by the Standard Webhooks text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

const MESSAGE: &str = "msg_";

/// What only the destination and the sender have. Its owner sees it once.
#[derive(Clone, PartialEq, Eq)]
pub struct HookSecret(pub(super) Vec<u8>);

impl std::fmt::Debug for HookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HookSecret")
    }
}

impl HookSecret {
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// `whsec_…`.
    pub fn text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }
}

/// `msg_…`: the same however often the message is sent.
pub fn message_name(id: Uuid) -> String {
    format!("{MESSAGE}{}", id.simple())
}

/// The way back of [`message_name`].
pub(super) fn message_named(name: &str) -> Option<Uuid> {
    name.strip_prefix(MESSAGE)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_messages_are_written_as_the_text_does() {
        let secret = HookSecret(STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(format!("{secret:?}"), "HookSecret");
        let id = Uuid::from_u128(7);
        assert_eq!(message_named(&message_name(id)), Some(id));
        assert_eq!(message_named("7"), None);
    }
}
