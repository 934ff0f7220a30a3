package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"aead.dev/minisign"
	"filippo.io/age"
)

// ErrKey says that a key cannot be used.
var ErrKey = errors.New("key not usable")

// maxKeyFile bounds a file with a key in octets; age's largest have some thousand.
const maxKeyFile = 64 << 10

// ReadKeyFile reads a small file that holds a key.
func ReadKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrKey, path, err)
	}
	return b, nil
}

// Signer reads a secret key of minisign and returns a function for Package.Sign.
// password is asked for a key that is encrypted.
func Signer(path string, password func() (string, error)) (func([]byte) ([]byte, error), error) {
	b, err := ReadKeyFile(path)
	if err != nil {
		return nil, err
	}
	var key minisign.PrivateKey
	if minisign.IsEncrypted(b) {
		secret, err := password()
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrKey, path, err)
		}
		if key, err = minisign.DecryptKey(secret, b); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrKey, path, err)
		}
	} else if err := key.UnmarshalText(b); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrKey, path, err)
	}
	return func(manifest []byte) ([]byte, error) {
		r := minisign.NewReader(bytes.NewReader(manifest))
		if _, err := io.Copy(io.Discard, r); err != nil {
			return nil, err
		}
		// The default comment of a signature holds the time of day.
		return r.SignWithComments(key, manifestName+" of an fbsdetect evidence package",
			fmt.Sprintf("signature from minisign secret key %016X", key.ID())), nil
	}, nil
}

// signedBy checks a signature of the manifest.
func signedBy(key minisign.PublicKey, manifest, signature []byte) bool {
	r := minisign.NewReader(bytes.NewReader(manifest))
	if _, err := io.Copy(io.Discard, r); err != nil {
		return false
	}
	return r.Verify(key, signature)
}

// PublicKey reads a public key of minisign: the key itself, or the file that holds it.
func PublicKey(s string) (minisign.PublicKey, error) {
	var key minisign.PublicKey
	if key.UnmarshalText([]byte(s)) == nil {
		return key, nil
	}
	b, err := ReadKeyFile(s)
	if err != nil {
		return key, err
	}
	if err := key.UnmarshalText(b); err != nil {
		return key, fmt.Errorf("%w: %s: %w", ErrKey, s, err)
	}
	return key, nil
}

// Recipients reads public keys of age.
func Recipients(list []string) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, s := range list {
		r, err := age.ParseRecipients(bytes.NewReader([]byte(s)))
		if err != nil {
			return nil, fmt.Errorf("%w: %q is no recipient of age: %w", ErrKey, s, err)
		}
		out = append(out, r...)
	}
	return out, nil
}

// Encrypt returns a writer that encrypts to the recipients what is written to it. Close
// it to finish.
func Encrypt(w io.Writer, to []age.Recipient) (io.WriteCloser, error) {
	out, err := age.Encrypt(w, to...)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return out, nil
}

// Identities reads a file with secret keys of age.
func Identities(path string) ([]age.Identity, error) {
	b, err := ReadKeyFile(path)
	if err != nil {
		return nil, err
	}
	list, err := age.ParseIdentities(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrKey, path, err)
	}
	return list, nil
}
