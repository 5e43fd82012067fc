package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.BucketSettings.Versioning;
import java.util.List;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html">PutBucketVersioning</a>
 * and GetBucketVersioning.
 */
final class VersioningOperations {

  private final Store store;

  VersioningOperations(Store store) {
    this.store = store;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("GetBucketVersioning", "GET", this::get).when("versioning"),
        Operation.onBucket("PutBucketVersioning", "PUT", this::put).when("versioning"));
  }

  private void refuseIfUnable() {
    if (store.has(Oddity.NO_VERSIONING)) {
      throw S3Error.notImplemented("versioning");
    }
  }

  private Response get(Request request) {
    refuseIfUnable();
    Bucket bucket = store.bucket(request.bucket());
    XmlWriter document = XmlWriter.root("VersioningConfiguration");
    synchronized (bucket) {
      switch (bucket.settings().versioning()) {
        case NEVER -> {}
        case ENABLED -> document.element("Status", "Enabled");
        case SUSPENDED -> document.element("Status", "Suspended");
      }
    }
    return Response.xml(document.close("VersioningConfiguration"));
  }

  private Response put(Request request) {
    refuseIfUnable();
    XmlElement wanted = request.xml("VersioningConfiguration").holding("Status", "MfaDelete");
    if (wanted.text("MfaDelete").orElse("Disabled").equals("Enabled")) {
      throw S3Error.notImplemented("MfaDelete");
    }
    Versioning versioning =
        switch (wanted.text("Status").orElse("")) {
          case "Enabled" -> Versioning.ENABLED;
          case "Suspended" -> Versioning.SUSPENDED;
          default ->
              throw new S3Error(
                  400,
                  "IllegalVersioningConfigurationException",
                  "The Versioning element must be specified");
        };
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      if (bucket.settings().isLocking() && versioning == Versioning.SUSPENDED) {
        throw new S3Error(
            409,
            "InvalidBucketState",
            "An Object Lock configuration is present on this bucket, so the versioning state cannot"
                + " be changed.");
      }
      bucket.settings().setVersioning(versioning);
    }
    return new Response(200);
  }
}
