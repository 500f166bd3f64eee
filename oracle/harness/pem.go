package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"
)

// A certificate and its key, which stand in for every file that a setting names.
var certificatePEM, keyPEM = pair()

// zeros is a source of key material for a key that keeps nothing secret.
type zeros struct{ bytes.Buffer }

func (zeros) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = 1
	}
	return len(into), nil
}

func pair() (certificate, key string) {
	private := &ecdsa.PrivateKey{D: big.NewInt(7)}
	private.Curve = elliptic.P256()
	private.X, private.Y = private.Curve.ScalarBaseMult(private.D.Bytes())
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "oracle"},
		NotBefore:             time.Unix(0, 0),
		NotAfter:              time.Unix(1<<33, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(zeros{}, template, template, &private.PublicKey, private)
	if err != nil {
		panic(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		panic(err)
	}
	return encoded("CERTIFICATE", der), encoded("EC PRIVATE KEY", keyDER)
}

func encoded(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
