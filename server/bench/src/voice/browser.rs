//! Calls between two pages of the web app, in Chromium. The pages are driven by `ui/e2e/bench-voice`; this is how it is spoken to.

use super::{
    call::{Heard, Line},
    speech::RATE,
};
use crate::{
    api::{Home, PASSWORD, Person},
    failure::Failure,
};
use serde::{Deserialize, Serialize};
use snug_engine::device::wav;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    rc::Rc,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::{Mutex, mpsc},
    task::{JoinHandle, spawn_local},
    time::timeout,
};

/// The microphone is silent so long before it speaks, so that the call stands by then. In seconds.
const LEAD: usize = 8;
/// How long speech may be on its way after it was spoken, in seconds.
const AFTERWARDS: usize = 3;
/// How much longer than the recording a call may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser, and the program that drives it. It ends when this is dropped.
pub(crate) struct Browser {
    _child: Child,
    stdin: Mutex<ChildStdin>,
    calls: Calls,
    next: Cell<u64>,
    reader: JoinHandle<()>,
    folder: PathBuf,
    seconds: usize,
}

type Calls = Rc<RefCell<HashMap<u64, mpsc::UnboundedSender<News>>>>;

#[derive(Serialize)]
struct Who<'a> {
    username: &'a str,
    password: &'a str,
    relay: SocketAddr,
    red: bool,
}

#[derive(Serialize)]
struct Job<'a> {
    id: u64,
    base: String,
    path: String,
    channel: &'a str,
    speaker: Who<'a>,
    listener: Who<'a>,
    lead: usize,
    length: usize,
    output: &'a Path,
}

#[derive(Deserialize)]
struct Told {
    id: u64,
    #[serde(flatten)]
    news: News,
}

#[derive(Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
enum News {
    /// The call stands, and nothing has been said yet.
    Stands,
    /// It is over; so many samples did not reach the recorder.
    Recorded { missing: u64 },
    /// It did not come about.
    Failed { reason: String },
}

impl Browser {
    /// Starts one whose microphone hears this speech. `ui` is the folder of the web app.
    pub(crate) fn start(ui: &Path, folder: &Path, said: &[f32]) -> Result<Self, Failure> {
        let microphone = folder.join("microphone.wav");
        let mut recording = wav::Recording::create(&microphone)?;
        recording.write(&vec![0.0; LEAD * RATE])?;
        recording.write(said)?;
        recording.write(&vec![0.0; AFTERWARDS * RATE])?;
        recording.flush()?;
        let mut command = Command::new("npm");
        command.arg("--prefix").arg(ui).args(["run", "--silent", "bench-voice", "--"]).arg(format!("--microphone={}", microphone.display()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(Failure::io("start the program that drives Chromium"))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::Tool { program: "npm", said: "nothing: it has no pipes".to_owned() });
        };
        let calls = Calls::default();
        let told = calls.clone();
        let reader = spawn_local(async move {
            let mut lines = BufReader::new(stdout).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                match serde_json::from_str::<Told>(&line) {
                    Ok(Told { id, news }) => {
                        if let Some(call) = told.borrow().get(&id) {
                            // Whoever waited may have given up.
                            call.send(news).ok();
                        }
                    }
                    Err(_) => eprintln!("{line}"),
                }
            }
            // Nobody waits for what does not come.
            told.borrow_mut().clear();
        });
        let seconds = LEAD + said.len() / RATE + AFTERWARDS;
        Ok(Self { _child: child, stdin: Mutex::new(stdin), calls, next: Cell::new(1), reader, folder: folder.to_owned(), seconds })
    }

    /// Lets one page speak and another listen; with `red`, as the app sets it up, else with Opus alone.
    pub(crate) async fn talk(&self, server: SocketAddr, home: &Home, line: &Line, red: bool) -> Result<Heard, Failure> {
        let id = self.next.replace(self.next.get() + 1);
        let (tell, mut news) = mpsc::unbounded_channel();
        self.calls.borrow_mut().insert(id, tell);
        let output = self.folder.join(format!("{}.wav", line.plan.name));

        let job = Job {
            id,
            base: format!("http://{server}"),
            path: format!("/spaces/{}/channels/{}", home.space, home.channel),
            channel: &line.plan.name,
            speaker: who(&line.speaker, line.first.address, red),
            listener: who(&line.listener, line.second.address, red),
            lead: LEAD,
            length: self.seconds,
            output: &output,
        };
        let mut text = serde_json::to_vec(&job).expect("jobs have string keys only");
        text.push(b'\n');
        self.stdin.lock().await.write_all(&text).await.map_err(Failure::io("speak to the program that drives Chromium"))?;
        let result = timeout(PATIENCE + Duration::from_secs(self.seconds as u64), async {
            while let Some(news) = news.recv().await {
                match news {
                    News::Stands => line.arm(),
                    News::Recorded { missing } => return Ok(missing),
                    News::Failed { reason } => return Err(Failure::Tool { program: "Chromium", said: format!("{}: {reason}", line.plan.name) }),
                }
            }
            Err(line.failed("the program that drives Chromium ended"))
        });
        let missing = result.await.unwrap_or_else(|_| Err(line.failed("Chromium did not record it in time")));
        self.calls.borrow_mut().remove(&id);
        Ok(Heard { whole: missing? == 0, recording: wav::read(&output)?, counts: line.counts() })
    }
}

fn who(person: &Person, relay: SocketAddr, red: bool) -> Who<'_> {
    Who { username: &person.name, password: PASSWORD, relay, red }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
