//! Who one is: a name, a password, and the tokens that they are good for.

use crate::{address::Address, failure::Failure};
use data_encoding::HEXLOWER;
use snug_protocol::{
    Space, SpaceId,
    error::ErrorCode,
    rest::{LoggedIn, Login, Refresh, Register, Registered, Tokens},
};
use std::time::Duration;
use tokio::time::Instant;

/// How long an access token is used: a minute less than it is good for.
const TOKEN_LASTS: Duration = Duration::from_secs(14 * 60);

/// Somebody on a server.
#[derive(Debug)]
pub struct Account {
    address: Address,
    name: String,
    password: String,
    tokens: Option<(Tokens, Instant)>,
    /// Where the invite led to.
    space: Option<SpaceId>,
}

impl Account {
    /// Logs in. An invite (its code, or a link with it) is used: to register if nobody has this name, and to join where it leads.
    pub async fn enter(address: Address, name: &str, password: &str, invite: Option<&str>) -> Result<Self, Failure> {
        let mut account = Self { address, name: name.to_owned(), password: password.to_owned(), tokens: None, space: None };
        match account.log_in().await {
            // One error for a wrong name and for a wrong password: whether there is such a name is nobody's business.
            Err(Failure::Refused(error)) if error.code == ErrorCode::WrongPassword && invite.is_some() => {
                account.register(invite.unwrap_or_default()).await.map_err(|failure| match failure {
                    // So it was the password.
                    Failure::Refused(again) if again.code == ErrorCode::UsernameTaken => Failure::Refused(error),
                    failure => failure,
                })?;
            }
            result => {
                result?;
                if let Some(invite) = invite {
                    account.join(invite).await?;
                }
            }
        }
        Ok(account)
    }

    /// The server.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The space that the invite led to.
    pub fn space(&self) -> Option<SpaceId> {
        self.space
    }

    /// An access token; with `renew`, another one than before.
    pub async fn token(&mut self, renew: bool) -> Result<String, Failure> {
        if let Some((tokens, since)) = &self.tokens
            && !renew
            && since.elapsed() < TOKEN_LASTS
        {
            return Ok(tokens.access_token.clone());
        }
        let refreshed = match self.tokens.as_ref().and_then(|(tokens, _)| tokens.refresh_token.clone()) {
            Some(refresh_token) => self.refresh(refresh_token).await,
            None => self.log_in().await,
        };
        match refreshed {
            // The log-in was ended: begin another.
            Err(Failure::Refused(error)) if !matches!(error.code, ErrorCode::Unavailable | ErrorCode::RateLimited) => self.log_in().await?,
            result => result?,
        }
        Ok(self.tokens.as_ref().map(|(tokens, _)| tokens.access_token.clone()).unwrap_or_default())
    }

    async fn log_in(&mut self) -> Result<(), Failure> {
        let login = Login { username: self.name.clone(), password: self.password.clone(), cookie: false };
        let logged_in = self.address.post("/auth/login", None, &login).await?;
        self.keep(logged_in);
        Ok(())
    }

    async fn register(&mut self, invite: &str) -> Result<(), Failure> {
        let register = Register {
            username: self.name.clone(),
            password: self.password.clone(),
            display_name: None,
            invite: Some(code(invite).to_owned()),
            server_password: None,
            knock: None,
            cookie: false,
        };
        match self.address.post("/auth/register", None, &register).await? {
            Registered::LoggedIn(logged_in) => {
                self.keep(logged_in);
                Ok(())
            }
            Registered::Waiting { .. } => Err(Failure::Knocking),
        }
    }

    /// Whoever is a member already uses nothing up.
    async fn join(&mut self, invite: &str) -> Result<(), Failure> {
        let token = self.token(false).await?;
        let space: Space = self.address.post(&format!("/invites/{}", code(invite)), Some(&token), &()).await?;
        self.space = Some(space.id);
        Ok(())
    }

    async fn refresh(&mut self, refresh_token: String) -> Result<(), Failure> {
        let mut mark = [0; 16];
        getrandom::fill(&mut mark).expect("the system gives random bytes");
        let refresh = Refresh { refresh_token: Some(refresh_token), attempt: HEXLOWER.encode(&mark) };
        let logged_in = self.address.post("/auth/refresh", None, &refresh).await?;
        self.keep(logged_in);
        Ok(())
    }

    fn keep(&mut self, logged_in: LoggedIn) {
        self.tokens = Some((logged_in.tokens, Instant::now()));
        self.space = logged_in.space_id;
    }
}

fn code(invite: &str) -> &str {
    invite.trim_end_matches('/').rsplit('/').next().unwrap_or(invite)
}
