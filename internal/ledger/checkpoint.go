package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// OpenCheckpoint checks the signature of a C2SP checkpoint by a log's key (sumdb/note form) and returns the
// head that was signed. The note's name must be the log's origin.
func OpenCheckpoint(signed []byte, key string) (Head, error) {
	var head Head
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return head, fmt.Errorf("log key: %w", err)
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return head, fmt.Errorf("checkpoint signature: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return head, errors.New("not a checkpoint of this log")
	}
	head.Size, err = strconv.ParseUint(lines[1], 10, 64)
	if err != nil {
		return head, errors.New("checkpoint: malformed size")
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(head.Root) {
		return head, errors.New("checkpoint: malformed root")
	}
	head.Root = Digest(root)
	return head, nil
}
