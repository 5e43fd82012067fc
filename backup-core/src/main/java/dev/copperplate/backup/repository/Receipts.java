package dev.copperplate.backup.repository;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.records.ReceiptBody;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.records.StoredRecord;
import dev.copperplate.backup.repository.format.FormatException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What verifications found, beside the repository. Receipts that are refused, because they were
 * altered, forged or moved, are passed over with a warning in the log.
 */
final class Receipts {

  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final RecordStore records;

  Receipts(OpenRepository repository, RepositoryOptions options) {
    this.repository = repository;
    this.options = options;
    this.records = repository.records();
  }

  /** The receipts of a content, oldest first. */
  List<Receipt> of(ContentId content) throws IOException {
    List<Receipt> receipts = new ArrayList<>();
    for (RecordKey key : records.keys(RecordKind.RECEIPT, content.hex())) {
      records.find(key, this::receipt).ifPresent(receipts::add);
    }
    receipts.sort(Comparator.comparing(Receipt::at));
    return receipts;
  }

  /** Writes the receipt of a verification. */
  void write(Snapshot snapshot, RunId run, Verification verification) throws IOException {
    Instant now = options.clock().instant();
    ReceiptBody body =
        new ReceiptBody(
            repository.config().id(), snapshot.content(), snapshot.run(), run, now, verification);
    String json = body.encode();
    byte[] signature = null;
    if (options.receipts().signer().isPresent()) {
      signature = sign(options.receipts().signer().get(), json);
    }
    records.write(RecordKind.RECEIPT, snapshot.content().hex(), now, json, signature);
  }

  /** Signers are the host's, and their clients throw what they like. */
  private static byte[] sign(ReceiptSigner signer, String json) throws IOException {
    try {
      return signer.sign(json.getBytes(StandardCharsets.UTF_8));
    } catch (RuntimeException broken) {
      throw new IOException("The signer of receipts failed: " + broken.getMessage(), broken);
    }
  }

  /**
   * Writes the receipt of a verification, which holds whether or not that succeeds: if not, it has
   * one warning more.
   *
   * @throws InterruptedIOException if the verification was cancelled
   */
  Verification keep(Snapshot snapshot, RunId run, Verification verification)
      throws InterruptedIOException {
    try {
      write(snapshot, run, verification);
      return verification;
    } catch (InterruptedIOException cancelled) {
      throw cancelled;
    } catch (IOException refused) {
      LOG.warn("No receipt could be kept of the verification {}", run, refused);
      List<Finding> findings = new ArrayList<>(verification.findings());
      findings.add(
          Finding.warning(
              "receipt of snapshot " + snapshot.id().shortHex(),
              "No receipt could be kept: " + refused.getMessage(),
              "This verification holds, but nobody will find it later. Verify again when records"
                  + " can be written below copperplate/"));
      return new Verification(
          verification.verifier(),
          verification.proof(),
          verification.passed(),
          findings,
          verification.facts());
    }
  }

  /** How far a content is proved by receipts that count, whatever it depends on. */
  Optional<Proof> proof(ContentId content) throws IOException {
    return ReceiptWord.proof(words(records.keys(RecordKind.RECEIPT, content.hex())));
  }

  /** How far contents are proved, whatever they depend on; those that are not are left out. */
  Map<ContentId, Proof> proofs(Collection<ContentId> contents) throws IOException {
    Map<String, List<RecordKey>> listed = records.keys(RecordKind.RECEIPT);
    repository.receipts().retain(listed.values().stream().flatMap(List::stream).toList());
    Map<ContentId, Proof> proofs = new HashMap<>();
    for (ContentId each : contents) {
      ReceiptWord.proof(words(listed.getOrDefault(each.hex(), List.of())))
          .ifPresent(proof -> proofs.put(each, proof));
    }
    return proofs;
  }

  private List<ReceiptWord> words(List<RecordKey> keys) throws IOException {
    List<ReceiptWord> words = new ArrayList<>();
    for (RecordKey key : keys) {
      ReceiptWord known = repository.receipts().get(key);
      if (known != null) {
        words.add(known);
        continue;
      }
      Optional<ReceiptWord> read = records.find(key, this::word);
      read.ifPresent(each -> repository.receipts().add(key, each));
      read.ifPresent(words::add);
    }
    return words;
  }

  private ReceiptWord word(StoredRecord record) throws FormatException {
    return word(record, body(record));
  }

  private Receipt receipt(StoredRecord record) throws FormatException {
    ReceiptBody body = body(record);
    return new Receipt(body.content(), body.at(), body.verification(), word(record, body).counts());
  }

  private ReceiptWord word(StoredRecord record, ReceiptBody body) {
    return new ReceiptWord(
        body.at(),
        body.verification().proof(),
        body.verification().passed(),
        objection(record, body).isEmpty());
  }

  /** What a receipt says, if it says it where it belongs. */
  static ReceiptBody body(StoredRecord record) throws FormatException {
    ReceiptBody body = ReceiptBody.decode(record.utf8());
    if (!body.content().hex().equals(record.key().subject())) {
      throw new FormatException("it speaks of the content " + body.content());
    }
    return body;
  }

  /** Why a receipt proves nothing here, whatever it says. */
  Optional<String> objection(StoredRecord record, ReceiptBody body) {
    if (!body.repository().equals(repository.config().id())) {
      return Optional.of("It speaks of another repository");
    }
    if (options.receipts().trusted().isEmpty()) {
      return Optional.empty();
    }
    byte[] signature = record.signature();
    if (signature == null) {
      return Optional.of("It is not signed, and receipts have to be here");
    }
    return options.receipts().signed(record.utf8(), signature)
        ? Optional.empty()
        : Optional.of("None of the keys that are trusted here has signed it");
  }
}
