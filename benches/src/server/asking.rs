//! Clients that ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tonic::transport::Channel;
use tonic::{Code, Status};
use whorl_proto::v1;
use whorl_proto::v1::identification_service_client::IdentificationServiceClient;

use super::requests::{Search, is_first};
use crate::failure::RunError;

/// Asks all `requests`, each client the next one as soon as it has an answer; gives how long each took, in milliseconds, and the sum
/// of what `ask` gave.
pub(super) async fn ask_all<R>(
    channels: &[Channel],
    requests: &[R],
    ask: impl AsyncFn(Channel, R) -> Result<usize, Status>,
) -> Result<(Vec<f64>, usize), RunError>
where
    R: Clone,
{
    let next = AtomicUsize::new(0);
    let clients = channels.iter().map(|channel| async {
        let (mut ms, mut sum) = (Vec::new(), 0);
        while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
            let start = Instant::now();
            sum += ask(channel.clone(), request.clone()).await?;
            ms.push(start.elapsed().as_secs_f64() * 1e3);
        }
        Ok::<_, Status>((ms, sum))
    });
    let (mut ms, mut sum) = (Vec::with_capacity(requests.len()), 0);
    for asked in together(clients.collect()).await {
        let (of_client, found) = asked?;
        ms.extend(of_client);
        sum += found;
    }
    Ok((ms, sum))
}

/// Lets all of `tasks` go on at the same time, and gives what each came to.
async fn together<T>(tasks: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut tasks = tasks.into_iter().map(Box::pin).collect::<Vec<_>>();
    let mut done = tasks.iter().map(|_| None).collect::<Vec<_>>();
    std::future::poll_fn(|context| {
        let waiting = tasks.iter_mut().zip(&mut done).filter(|(_, done)| done.is_none());
        for (task, done) in waiting {
            if let std::task::Poll::Ready(told) = task.as_mut().poll(context) {
                *done = Some(told);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

/// Asks all `searches` in one stream; gives how many mates came first.
pub(super) async fn stream_all(channel: &Channel, searches: &[Search]) -> Result<usize, RunError> {
    let searches = Arc::new(searches.to_vec());
    let asked = Arc::clone(&searches);
    let asked = (0..searches.len()).map(move |at| v1::IdentifyManyRequest { identify: Some(asked[at].asked.clone()) });
    let mut client = IdentificationServiceClient::new(channel.clone());
    let mut answers = client.identify_many(tokio_stream::iter(asked)).await?.into_inner();
    let (mut mates, mut answered) = (0, 0);
    while let Some(v1::IdentifyManyResponse { answer, .. }) = answers.message().await? {
        mates += usize::from(answer.is_some_and(|answer| is_first(&answer, &searches[answered].mate)));
        answered += 1;
    }
    if answered == searches.len() {
        Ok(mates)
    } else {
        Err(Status::new(Code::DataLoss, "the stream ended early").into())
    }
}
