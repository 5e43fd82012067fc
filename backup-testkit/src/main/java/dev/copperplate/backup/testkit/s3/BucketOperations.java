package dev.copperplate.backup.testkit.s3;

import java.util.List;

/**
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">CreateBucket</a>,
 * DeleteBucket, HeadBucket, ListBuckets, GetBucketLocation.
 */
final class BucketOperations {

  private static final String FIRST_REGION = "us-east-1";

  private final Store store;

  BucketOperations(Store store) {
    this.store = store;
  }

  List<Operation> all() {
    return List.of(
        Operation.onService("ListBuckets", "GET", this::list).action("s3:ListAllMyBuckets"),
        Operation.onBucket("CreateBucket", "PUT", this::create)
            .headers("x-amz-bucket-object-lock-enabled", "x-amz-object-ownership")
            .anywhere(),
        Operation.onBucket("HeadBucket", "HEAD", this::head).action("s3:ListBucket"),
        Operation.onBucket("DeleteBucket", "DELETE", this::delete),
        Operation.onBucket("GetBucketLocation", "GET", this::location).when("location").anywhere());
  }

  private Response list(Request request) {
    XmlWriter document = XmlWriter.root("ListAllMyBucketsResult");
    document.open("Buckets");
    for (Bucket bucket : store.buckets()) {
      document
          .open("Bucket")
          .element("Name", bucket.name())
          .element("CreationDate", Times.xml(bucket.created()))
          .close("Bucket");
    }
    document.close("Buckets");
    document.open("Owner").element("ID", Store.OWNER).close("Owner");
    return Response.xml(document.close("ListAllMyBucketsResult"));
  }

  private Response create(Request request) {
    String name = request.bucket();
    if (!BucketName.isOne(name)) {
      throw new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.")
          .detail("BucketName", name);
    }
    checkLocation(request);
    if (!request
        .header("x-amz-object-ownership", "BucketOwnerEnforced")
        .equals("BucketOwnerEnforced")) {
      throw S3Error.notImplemented("access control lists");
    }
    boolean locking = request.flag("x-amz-bucket-object-lock-enabled");
    if (locking && store.has(Oddity.NO_LOCK)) {
      throw S3Error.notImplemented("Object Lock");
    }
    Bucket bucket = new Bucket(name, store.region(), store.now());
    if (locking) {
      bucket.settings().enableLocking();
    }
    if (store.create(bucket) != null && !store.region().equals(FIRST_REGION)) {
      throw new S3Error(
              409,
              "BucketAlreadyOwnedByYou",
              "Your previous request to create the named bucket succeeded and you already own it.")
          .detail("BucketName", name);
    }
    return new Response(200).header("Location", "/" + name);
  }

  /** The first region must not be named, and every other one must be. */
  private void checkLocation(Request request) {
    String location =
        request.payload().content().length == 0
            ? ""
            : request
                .xml("CreateBucketConfiguration")
                .holding("LocationConstraint")
                .text("LocationConstraint")
                .orElse("");
    String expected = store.region().equals(FIRST_REGION) ? "" : store.region();
    if (location.equals(FIRST_REGION)) {
      throw new S3Error(
          400, "InvalidLocationConstraint", "The specified location-constraint is not valid");
    }
    if (!location.equals(expected)) {
      throw new S3Error(
          400,
          "IllegalLocationConstraintException",
          "The "
              + (location.isEmpty() ? "unspecified" : location)
              + " location constraint is incompatible for the region specific endpoint this request"
              + " was sent to.");
    }
  }

  private Response head(Request request) {
    return new Response(200).header("x-amz-bucket-region", store.region());
  }

  private Response delete(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      if (!bucket.isEmpty()) {
        throw new S3Error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
            .detail("BucketName", bucket.name());
      }
      store.remove(bucket);
    }
    return new Response(204);
  }

  private Response location(Request request) {
    String region = store.anywhere(request.bucket()).region();
    XmlWriter document = XmlWriter.root("LocationConstraint");
    if (!region.equals(FIRST_REGION)) {
      document.text(region);
    }
    return Response.xml(document.close("LocationConstraint"));
  }
}
