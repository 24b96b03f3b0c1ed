package people

import "slices"

// Entry types of an account's stream. No password, hash or token is ever part of one.
const (
	TypeCreated           = "account.created"
	TypeRolesSet          = "account.roles-set"
	TypeDisabled          = "account.disabled"
	TypeEnabled           = "account.enabled"
	TypeLocked            = "account.locked"
	TypeUnlocked          = "account.unlocked"
	TypePasswordReset     = "account.password-reset" // an administrator issued a new one-time password
	TypePasswordChanged   = "account.password-changed"
	TypeSignedIn          = "account.signed-in"
	TypeSignInFailed      = "account.sign-in-failed"
	TypeReauthenticated   = "account.reauthenticated" // a right password at a signature after wrong ones
	TypeSignedOut         = "account.signed-out"
	TypeStatementAccepted = "account.statement-accepted"
	TypeLanguageSet       = "account.language-set"
	TypeSessionsEnded     = "account.sessions-ended"
	TypeTrained           = "account.trained"
	TypeTrainingRevoked   = "account.training-revoked"
)

// event is what one entry does to an account.
type event interface{ apply(*account) }

var newEvent = map[string]func() event{
	TypeCreated:           func() event { return new(created) },
	TypeRolesSet:          func() event { return new(rolesSet) },
	TypeDisabled:          func() event { return new(disabled) },
	TypeEnabled:           func() event { return new(enabled) },
	TypeLocked:            func() event { return new(locked) },
	TypeUnlocked:          func() event { return new(unlocked) },
	TypePasswordReset:     func() event { return new(passwordReset) },
	TypePasswordChanged:   func() event { return new(passwordChanged) },
	TypeSignedIn:          func() event { return new(signedIn) },
	TypeSignInFailed:      func() event { return new(signInFailed) },
	TypeReauthenticated:   func() event { return new(reauthenticated) },
	TypeSignedOut:         func() event { return new(signedOut) },
	TypeStatementAccepted: func() event { return new(statementAccepted) },
	TypeLanguageSet:       func() event { return new(languageSet) },
	TypeSessionsEnded:     func() event { return new(sessionsEnded) },
	TypeTrained:           func() event { return new(trained) },
	TypeTrainingRevoked:   func() event { return new(trainingRevoked) },
	TypeBadgeIssued:       func() event { return new(badgeIssued) },
	TypeBadgeWithdrawn:    func() event { return new(badgeWithdrawn) },
	TypePINSet:            func() event { return new(pinSet) },
	TypePINWithdrawn:      func() event { return new(pinWithdrawn) },
	TypePINFailed:         func() event { return new(pinFailed) },
	TypePINLocked:         func() event { return new(pinLocked) },
}

// ground is why access was given, changed or taken (CS-16).
type ground struct {
	Reason   string `json:"reason"`
	Approver string `json:"approver,omitempty"`
}

func groundOf(w Why) ground { return ground(w) }

type created struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	Lang     string `json:"lang"`
	Roles    []Role `json:"roles"`
	Hospital string `json:"hospital,omitempty"`
	ground
}

func (e created) apply(a *account) {
	a.Username, a.Name, a.Lang, a.Roles, a.Hospital, a.MustChange = e.Username, e.Name, e.Lang, e.Roles, e.Hospital, true
}

// rolesSet says what was and what is (CS-42).
type rolesSet struct {
	Before []Role `json:"before"`
	Roles  []Role `json:"roles"`
	ground
}

func (e rolesSet) apply(a *account) { a.Roles = e.Roles }

type disabled struct{ ground }

func (disabled) apply(a *account) {
	a.Disabled = true
	a.Epoch++
	if a.Badge != "" || a.PIN { // whoever comes back is given a badge again
		a.Badge = ""
		a.noPIN()
	}
}

// enabled opens an account again, with a newly issued password.
type enabled struct{ ground }

func (enabled) apply(a *account) { a.Disabled, a.MustChange = false, true; a.Epoch++ }

type locked struct {
	Failures int `json:"failures"`
}

func (locked) apply(a *account) { a.Locked = true; a.Epoch++ }

// unlocked says how often a password was tried while the account was locked, as far as it was counted (CS-81).
type unlocked struct {
	Tried int `json:"tried"`
	ground
}

func (unlocked) apply(a *account) { a.Locked, a.Failures = false, 0 }

type passwordReset struct{ ground }

func (passwordReset) apply(a *account) { a.MustChange = true; a.Epoch++ }

type passwordChanged struct {
	Session string `json:"session"`
}

func (passwordChanged) apply(a *account) { a.MustChange, a.Failures = false, 0; a.Epoch++ }

// signedIn says by what, where it was not the password. Each way in has its own count of failures.
type signedIn struct {
	Session string `json:"session"`
	By      string `json:"by,omitempty"`
	Badge   string `json:"badge,omitempty"` // serial
}

func (e signedIn) apply(a *account) {
	if e.By == ByBadge {
		a.PINFailures = 0
		return
	}
	a.Failures = 0
}

// signInFailed is one wrong password; At says where it was asked for: "sign-in", "signature", "password-change",
// "pin" (when one was chosen).
type signInFailed struct {
	At      string `json:"at"`
	Session string `json:"session,omitempty"`
}

func (signInFailed) apply(a *account) { a.Failures++ }

type reauthenticated struct {
	At string `json:"at"`
}

func (reauthenticated) apply(a *account) { a.Failures = 0 }

type signedOut struct {
	Session string `json:"session"`
}

func (signedOut) apply(*account) {}

type statementAccepted struct {
	Digest string `json:"digest"` // of the exact text that was shown
	Text   string `json:"text"`
}

func (e statementAccepted) apply(a *account) { a.Statement, a.Failures = e.Digest, 0 }

type languageSet struct {
	Lang string `json:"lang"`
}

func (e languageSet) apply(a *account) { a.Lang = e.Lang }

// trained is a qualification that its author attests (CS-2).
type trained Training

func (e trained) apply(a *account) { a.Trainings = withTraining(a.Trainings, Training(e)) }

type trainingRevoked struct {
	Procedure string `json:"procedure"`
	ground
}

func (e trainingRevoked) apply(a *account) {
	a.Trainings = slices.DeleteFunc(slices.Clone(a.Trainings), func(t Training) bool { return t.Procedure == e.Procedure })
}
