//! Why there is no picture of the screen.

/// Why there is no picture of the screen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoScreen {
    /// The person said no, or closed the box.
    #[error("the picture of the screen was cancelled")]
    Cancelled,
    /// A program that was asked failed.
    #[error("{program}, which takes pictures of the screen, {how}")]
    Failed {
        /// The program, without its arguments.
        program: String,
        /// `ended with exit status: 1`, `gave no picture`.
        how: String,
    },
    /// This session has no screen.
    #[error("there is no screen here: neither WAYLAND_DISPLAY nor DISPLAY is set")]
    NoDisplay,
    /// The desktop has no portal; the programs are asked then.
    #[error("the desktop has no portal for pictures of the screen")]
    NoPortal,
    /// None of the known programs is installed.
    #[error(
        "neither a portal nor a program that takes pictures of the screen is here (grim, maim, spectacle …)"
    )]
    NoProgram,
}

impl NoScreen {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Cancelled => "try again and allow it, or save a screenshot and give its file",
            Self::Failed { .. } | Self::NoPortal | Self::NoProgram => {
                r#"save a screenshot and give its file, or: sesam config set capture.command '["grim", "-"]'"#
            }
            Self::NoDisplay => "save a screenshot where the screen is, and give its file",
        }
    }
}
