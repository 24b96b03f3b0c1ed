package people

// Hashes says how many password hashes this directory has computed.
func (d *Directory) Hashes() int64 { return d.pool.done.Load() }

// PasswordFault says why a person with that username and name may not choose the password.
func PasswordFault(password, username, name string) string {
	return passwordFault(password, account{Username: username, Name: name})
}
