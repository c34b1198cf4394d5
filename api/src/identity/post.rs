//! One-time passwords by e-mail.

use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use thiserror::Error;
use whorl_identity::authentication::{Channel, Message, SendError, Sender};
use zeroize::Zeroizing;

/// How many messages wait for the mail server at most: a minute of a busy country. Who comes then is refused, and told so.
const WAITING: usize = 10_000;

/// How long the mail server may take for a step.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the subject of a message is.
const SUBJECT: &str = "Your one-time password";

/// Where mail is handed in.
#[derive(Clone)]
pub(crate) struct MailServer {
    /// Its name or address.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Who the mail is from.
    pub(crate) from: String,
    /// As whom it is handed in; nobody in particular where there is nothing.
    pub(crate) login: Option<(String, Zeroizing<String>)>,
    /// Whether it is encrypted on the way, from the first byte on. Only a server on this computer is trusted without.
    pub(crate) is_encrypted: bool,
}

/// Why no mail can be sent at all.
#[derive(Debug, Error)]
pub enum PostError {
    /// The address of the sender is none.
    #[error("`{0}` is no address that mail can be from")]
    From(String),
    /// The mail server's name is none, or the system has no roots.
    #[error("mail to \"{host}\": {reason}")]
    Server {
        /// Its name.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// The system gives no thread.
    #[error("mail needs a thread, and the system gives none: {0}")]
    Thread(std::io::Error),
}

/// Takes one-time passwords to people by e-mail, one after the other, on a thread of its own.
pub(crate) struct Post {
    queue: SyncSender<Message>,
}

/// Letters to be written: who they are from, and who takes them.
pub(crate) struct Letters {
    from: Mailbox,
    transport: SmtpTransport,
}

impl Letters {
    /// Letters that a mail server is to take. It is not asked whether it does.
    ///
    /// # Errors
    /// [`PostError::From`], [`PostError::Server`].
    pub(crate) fn to(server: &MailServer) -> Result<Self, PostError> {
        let from = server.from.parse::<Mailbox>().map_err(|_| PostError::From(server.from.clone()))?;
        Ok(Self { from, transport: transport(server)? })
    }
}

impl Post {
    /// Opens for such letters.
    ///
    /// # Errors
    /// [`PostError::Thread`].
    pub(crate) fn open(Letters { from, transport }: Letters) -> Result<Self, PostError> {
        let (queue, waiting) = sync_channel(WAITING);
        let work = move || deliver(&waiting, &from, &transport);
        thread::Builder::new().name("post".to_owned()).spawn(work).map_err(PostError::Thread)?;
        Ok(Self { queue })
    }
}

impl Sender for Post {
    fn send(&self, message: &Message) -> Result<(), SendError> {
        let refused = |reason: &str| SendError { channel: message.channel, reason: reason.to_owned() };
        if message.channel != Channel::Email {
            return Err(refused("this server sends one-time passwords by e-mail only"));
        }
        self.queue.try_send(message.clone()).map_err(|error| match error {
            TrySendError::Full(_) => refused("too many messages wait for the mail server"),
            TrySendError::Disconnected(_) => refused("the thread of the mail is gone: see the log"),
        })
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Post")
    }
}

fn transport(server: &MailServer) -> Result<SmtpTransport, PostError> {
    let host = server.host.as_str();
    let tls = if server.is_encrypted {
        let parameters = TlsParameters::new(host.to_owned());
        Tls::Wrapper(
            parameters.map_err(|error| PostError::Server { host: host.to_owned(), reason: error.to_string() })?,
        )
    } else {
        Tls::None
    };
    let open = SmtpTransport::builder_dangerous(host).port(server.port).tls(tls).timeout(Some(PATIENCE));
    let open = match &server.login {
        Some((user, password)) => open.credentials(Credentials::new(user.clone(), password.as_str().to_owned())),
        None => open,
    };
    Ok(open.build())
}

/// Hands messages in until nobody sends any more. One that is not taken is lost, as mail is: its owner asks for another.
fn deliver(waiting: &Receiver<Message>, from: &Mailbox, transport: &SmtpTransport) {
    while let Ok(message) = waiting.recv() {
        let letter = match letter(&message, from) {
            Ok(letter) => letter,
            Err(reason) => {
                tracing::warn!(reason, "a one-time password could not be written as a letter");
                continue;
            }
        };
        if let Err(error) = transport.send(&letter) {
            // What the server says may name the addressee; whether it will ever take the letter does not.
            tracing::warn!(
                permanent = error.is_permanent(),
                timeout = error.is_timeout(),
                "the mail server took no letter"
            );
        }
    }
}

fn letter(message: &Message, from: &Mailbox) -> Result<lettre::Message, &'static str> {
    let to = message.to.parse::<Mailbox>().map_err(|_| "its address is none")?;
    let minutes = message.valid_s.div_ceil(60);
    let text = format!(
        "{} is your one-time password for {}. It is valid for {minutes} minutes.\n\n\
         If you did not ask for it, tell nobody, and do nothing.\n",
        message.code.as_str(),
        message.partner_name,
    );
    let letter = lettre::Message::builder().from(from.clone()).to(to).subject(SUBJECT).header(ContentType::TEXT_PLAIN);
    letter.body(text).map_err(|_| "it has no sender or no addressee")
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    /// Takes one letter, as a mail server does, and gives what was said to it.
    fn postbox(listener: &TcpListener) -> String {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let (mut heard, mut is_letter) = (String::new(), false);
        stream.write_all(b"220 postbox\r\n").unwrap();
        while let Some(Ok(line)) = lines.next() {
            heard.push_str(&line);
            heard.push('\n');
            let answer: &[u8] = match (is_letter, line.as_str()) {
                (true, ".") => {
                    is_letter = false;
                    b"250 taken\r\n"
                }
                (true, _) => continue,
                (false, "DATA") => {
                    is_letter = true;
                    b"354 go on\r\n"
                }
                (false, "QUIT") => break,
                (false, _) => b"250 well\r\n",
            };
            stream.write_all(answer).unwrap();
            if line == "." {
                break;
            }
        }
        heard
    }

    #[test]
    fn a_password_goes_to_its_owner_by_mail_and_to_nobody_by_telephone() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = MailServer {
            host: "127.0.0.1".to_owned(),
            port: listener.local_addr().unwrap().port(),
            from: "Identity <id@example.org>".to_owned(),
            login: None,
            is_encrypted: false,
        };
        let taken = thread::spawn(move || postbox(&listener));
        let post = Post::open(Letters::to(&server).unwrap()).unwrap();
        let mut message = Message {
            channel: Channel::Email,
            to: "ada@example.org".to_owned(),
            code: Zeroizing::new("123456".to_owned()),
            language: None,
            partner_name: "First Bank".to_owned(),
            valid_s: 180,
        };
        post.send(&message).unwrap();
        let heard = taken.join().unwrap();
        assert!(heard.contains("RCPT TO:<ada@example.org>"), "{heard}");
        assert!(
            heard.contains("123456 is your one-time password for First Bank") && heard.contains("3 minutes"),
            "{heard}"
        );
        message.channel = Channel::Phone;
        assert!(post.send(&message).is_err());
        let odd = Letters::to(&MailServer { from: "nobody".to_owned(), ..server });
        assert!(matches!(odd, Err(PostError::From(_))));
    }
}
