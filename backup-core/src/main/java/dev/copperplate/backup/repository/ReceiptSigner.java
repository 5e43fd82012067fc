package dev.copperplate.backup.repository;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/**
 * Signs receipts with a key that whoever writes backups does not hold, so that a stolen writer
 * credential cannot forge a proof. A KMS or a token is an implementation. Thread-safe.
 */
@FunctionalInterface
public interface ReceiptSigner {

  /** The Ed25519 signature (RFC 8032) of the bytes. */
  byte[] sign(byte[] statement) throws IOException;

  /** Signs with a key in memory. */
  static ReceiptSigner of(PrivateKey key) {
    return statement -> {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(statement);
        return signature.sign();
      } catch (GeneralSecurityException unusable) {
        throw new IOException("The key for receipts cannot sign", unusable);
      }
    };
  }
}
