package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
	"rexbatch/release"
	"rexbatch/release/pades"
)

// maxCertificate is the largest file that is read; ours have some hundred kilobytes.
const maxCertificate = 32 << 20

type certificateCommand struct {
	Verify certificateVerifyCommand `cmd:"" help:"Check a certificate's signature, and that the ledger knows it."`
}

// Help implements kong's HelpProvider.
func (certificateCommand) Help() string {
	return "Example: rexbatch certificate verify SVQ-2026-0001.pdf"
}

type certificateVerifyCommand struct {
	File   string `arg:"" help:"The certificate, a PDF."`
	CA     string `name:"ca" placeholder:"FILE" help:"Authority to trust; otherwise ca.pem beside the certificate, or that of --data."`
	Data   string `placeholder:"DIR" help:"Data directory whose ledger must know the certificate."`
	Proof  string `placeholder:"FILE" help:"Proof that the ledger knows it; otherwise NAME.proof.json beside the certificate."`
	LogKey string `name:"log-key" placeholder:"FILE" help:"Public key of the plant's log; otherwise SITE.log.pub beside the proof."`
	JSON   bool   `help:"Print the outcome as JSON."`
}

// Help implements kong's HelpProvider.
func (certificateVerifyCommand) Help() string {
	return "Checks the signature, its chain to the authority, that nothing was added after signing, and that the ledger " +
		"knows the file's digest: from a data directory, or from a proof without the server.\n\n" +
		"Example: rexbatch certificate verify SVQ-2026-0001.pdf --ca ca.pem --proof SVQ-2026-0001.proof.json"
}

// certificateFacts is what was found out about a certificate that holds.
type certificateFacts struct {
	File        string   `json:"file"`
	SHA256      string   `json:"sha256"`
	Signers     []string `json:"signers"`
	Certificate string   `json:"certificate"`
	Log         string   `json:"log"`
	Entry       uint64   `json:"entry"`
}

// Run checks the certificate: the file for itself first, then whether it is the one on record.
func (c *certificateVerifyCommand) Run(ctx context.Context, a *App) error {
	pdf, err := readLimited(c.File, maxCertificate)
	if err != nil {
		return usage(err.Error(), "name a certificate of at most 32 MiB")
	}
	roots, err := c.roots()
	if err != nil {
		return err
	}
	report, err := pades.Verify(pdf, roots, a.Clock())
	if err != nil {
		return a.answer(c.JSON, outcome{
			Fault: "refused: " + strings.TrimPrefix(err.Error(), pades.ErrRefused.Error()+": "),
			Hint:  "ask the plant for the certificate, or check that the right authority was given with --ca",
			Facts: report,
		}, "")
	}
	facts := certificateFacts{File: c.File, SHA256: report.SHA256}
	for _, s := range report.Signatures {
		if !s.WholeFile {
			return a.answer(c.JSON, outcome{Fault: fmt.Sprintf("refused: signature %s does not cover the whole file", s.Field), Facts: report}, "")
		}
		facts.Signers = append(facts.Signers, s.Signer)
	}
	fault, err := c.known(ctx, ledger.DigestOf(pdf), &facts)
	if err != nil {
		return err
	}
	if fault != "" {
		return a.answer(c.JSON, outcome{Fault: fault, Hint: "a rightly signed file that the ledger does not know was not issued", Facts: facts}, "")
	}
	return a.answer(c.JSON, outcome{Holds: true, Facts: facts}, fmt.Sprintf("%s holds: certificate %s, signed by %s, entry %d of %s",
		c.File, facts.Certificate, strings.Join(facts.Signers, ", "), facts.Entry, facts.Log))
}

// roots are the authorities to trust: the one named, the one beside the file, or the data directory's.
func (c *certificateVerifyCommand) roots() (*x509.CertPool, error) {
	path := c.CA
	if path == "" {
		path = filepath.Join(filepath.Dir(c.File), caFile)
		_, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) && c.Data != "" {
			path = filepath.Join(c.Data, keysDir, caFile)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("no authority to trust: "+err.Error(), "name its certificate with --ca")
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, usage(path+" has no certificate in it", "name a PEM file with --ca")
	}
	return pool, nil
}

// known asks the ledger, or the proof that it has given. The fault says why it does not know the file.
func (c *certificateVerifyCommand) known(ctx context.Context, pdf ledger.Digest, facts *certificateFacts) (fault string, err error) {
	if c.Data != "" {
		return inData(ctx, c.Data, pdf, facts)
	}
	path := c.Proof
	if path == "" {
		path = strings.TrimSuffix(c.File, filepath.Ext(c.File)) + ".proof.json"
	}
	text, err := readLimited(path, maxCertificate)
	if errors.Is(err, fs.ErrNotExist) && c.Proof == "" {
		return fmt.Sprintf("not shown that the ledger knows it: there is no %s and no --data DIR", path), nil
	}
	if err != nil {
		return "", usage(err.Error(), "name a proof with --proof, or a data directory with --data")
	}
	var proof release.Proof
	err = json.Unmarshal(text, &proof)
	if err != nil {
		return fmt.Sprintf("%s is no proof: %v", path, err), nil
	}
	origin, _, _ := strings.Cut(proof.Key, "+")
	key, err := c.logKey(path, origin)
	if err != nil {
		return "", err
	}
	err = proof.Check(key, pdf)
	if err != nil {
		return err.Error(), nil
	}
	facts.Certificate, facts.Log, facts.Entry = proof.Certificate, origin, proof.Position
	return "", nil
}

// logKey is the log's public key as the plant has published it. The key inside a proof proves nothing.
func (c *certificateVerifyCommand) logKey(proof, origin string) (string, error) {
	path := c.LogKey
	if path == "" {
		parts := strings.Split(origin, "/") // rexbatch/ES-SVQ/fingerprint
		if len(parts) != 3 || parts[1] != filepath.Base(parts[1]) {
			return "", usage(fmt.Sprintf("the proof is of %q, which is no log's name", origin), "name a proof with --proof")
		}
		path = filepath.Join(filepath.Dir(proof), parts[1]+".log.pub")
	}
	text, err := readLimited(path, 4<<10)
	if err != nil {
		return "", usage("the key of "+origin+" is not known: "+err.Error(), "name the plant's published log.pub with --log-key")
	}
	return string(text), nil
}

// inData looks the digest up in the registers of a data directory. A log that does not hold together knows
// nothing, so each is verified before it is asked.
func inData(ctx context.Context, dir string, pdf ledger.Digest, facts *certificateFacts) (fault string, err error) {
	dirs, fault, err := logsIn(dir)
	if err != nil || fault != "" {
		return fault, err
	}
	for _, dir := range dirs {
		line, origin, err := lookUp(ctx, dir, pdf)
		var broken *verify.Fault
		switch {
		case errors.As(err, &broken):
			return filepath.Base(dir) + ": " + broken.Error(), nil
		case errors.Is(err, ledger.ErrNotFound):
			continue
		case err != nil:
			return "", err
		}
		facts.Certificate, facts.Log, facts.Entry = line.Certificate, origin, line.Seq
		if line.Recalled > 0 {
			return fmt.Sprintf("recalled: line %d of the register withdrew certificate %s", line.Recalled, line.Certificate), nil
		}
		return "", nil
	}
	return fmt.Sprintf("no register in %s knows a certificate with SHA-256 %s", dir, pdf), nil
}

// lookUp reads a copy of one log, so that it works beside a running server.
func lookUp(ctx context.Context, dir string, pdf ledger.Digest) (line release.RegisterEntry, origin string, err error) {
	temp, err := os.MkdirTemp("", "rexbatch-look-*")
	if err != nil {
		return line, "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	err = verify.Copy(dir, temp)
	if err != nil {
		return line, "", err
	}
	_, err = verify.Dir(ctx, temp, verify.Options{})
	if err != nil {
		return line, "", err
	}
	log, err := bolt.Open(temp, bolt.Options{ReadOnly: true})
	if err != nil {
		return line, "", err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	line, err = release.Known(ctx, log, pdf)
	return line, log.Origin(), err
}

// readLimited reads a file that is not larger than it may be.
func readLimited(path string, most int64) (content []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	content, err = io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = fmt.Errorf("%s is larger than %d MiB", path, most>>20)
	}
	return content, err
}
