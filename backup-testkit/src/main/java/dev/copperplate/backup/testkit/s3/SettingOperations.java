package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.BucketSettings.Document;
import java.util.List;
import java.util.function.Predicate;

/**
 * Settings of buckets that are documents: <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html">
 * lifecycle</a>, public access block, encryption, replication.
 *
 * <p>A lifecycle is kept and given back, and never carried out: at AWS that takes a day at least.
 */
final class SettingOperations {

  private static final List<String> BLOCKS =
      List.of(
          "BlockPublicAcls",
          "IgnorePublicAcls",
          BucketSettings.BLOCK_PUBLIC_POLICY,
          BucketSettings.RESTRICT_PUBLIC_BUCKETS);

  private final Store store;
  private final KmsKeys keys;

  SettingOperations(Store store, KmsKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("GetBucketLifecycleConfiguration", "GET", this::lifecycle)
            .when("lifecycle")
            .action("s3:GetLifecycleConfiguration"),
        Operation.onBucket("PutBucketLifecycleConfiguration", "PUT", this::setLifecycle)
            .when("lifecycle")
            .action("s3:PutLifecycleConfiguration"),
        Operation.onBucket("DeleteBucketLifecycle", "DELETE", this::removeLifecycle)
            .when("lifecycle")
            .action("s3:PutLifecycleConfiguration"),
        Operation.onBucket("GetPublicAccessBlock", "GET", this::block)
            .when("publicAccessBlock")
            .action("s3:GetBucketPublicAccessBlock"),
        Operation.onBucket("PutPublicAccessBlock", "PUT", this::setBlock)
            .when("publicAccessBlock")
            .action("s3:PutBucketPublicAccessBlock"),
        Operation.onBucket("GetBucketEncryption", "GET", this::encryption)
            .when("encryption")
            .action("s3:GetEncryptionConfiguration"),
        Operation.onBucket("PutBucketEncryption", "PUT", this::setEncryption)
            .when("encryption")
            .action("s3:PutEncryptionConfiguration"),
        Operation.onBucket("GetBucketReplication", "GET", this::replication)
            .when("replication")
            .action("s3:GetReplicationConfiguration"));
  }

  private Response lifecycle(Request request) {
    return get(
        request,
        Document.LIFECYCLE,
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist");
  }

  private Response setLifecycle(Request request) {
    request.requireDigest();
    XmlElement wanted = request.xml("LifecycleConfiguration");
    return set(request, Document.LIFECYCLE, Lifecycle.checked(wanted));
  }

  private Response removeLifecycle(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      bucket.settings().removeDocument(Document.LIFECYCLE);
    }
    return new Response(204);
  }

  /** New buckets have all four on since 2023. */
  private Response block(Request request) {
    return get(
        request,
        Document.PUBLIC_ACCESS_BLOCK,
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found");
  }

  private Response setBlock(Request request) {
    XmlElement wanted = request.xml("PublicAccessBlockConfiguration");
    wanted.holding(BLOCKS.toArray(String[]::new));
    return set(request, Document.PUBLIC_ACCESS_BLOCK, blocks(wanted::flag));
  }

  /** The block that new buckets have. */
  static XmlElement everythingBlocked() {
    return blocks(name -> true);
  }

  private static XmlElement blocks(Predicate<String> on) {
    XmlElement[] flags =
        BLOCKS.stream()
            .map(name -> XmlElement.text(name, Boolean.toString(on.test(name))))
            .toArray(XmlElement[]::new);
    return XmlElement.of("PublicAccessBlockConfiguration", flags);
  }

  private Response encryption(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      XmlElement set = bucket.settings().document(Document.ENCRYPTION);
      return answer(set == null ? BucketEncryption.document(KmsKeys.AES) : set);
    }
  }

  private Response setEncryption(Request request) {
    XmlElement wanted = request.xml("ServerSideEncryptionConfiguration");
    BucketEncryption encryption = BucketEncryption.parse(wanted);
    keys.check(encryption.algorithm(), encryption.key());
    return set(request, Document.ENCRYPTION, wanted);
  }

  private Response replication(Request request) {
    return get(
        request,
        Document.REPLICATION,
        "ReplicationConfigurationNotFoundError",
        "The replication configuration was not found");
  }

  private Response get(Request request, Document kind, String code, String message) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      XmlElement set = bucket.settings().document(kind);
      if (set == null) {
        throw new S3Error(404, code, message).detail("BucketName", bucket.name());
      }
      return answer(set);
    }
  }

  private Response set(Request request, Document kind, XmlElement document) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      bucket.settings().setDocument(kind, document);
    }
    return new Response(200);
  }

  private static Response answer(XmlElement set) {
    XmlWriter document = XmlWriter.root(set.name());
    set.children().forEach(document::copy);
    return Response.xml(document.close(set.name()));
  }
}
