package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html">PutBucketPolicy</a>,
 * GetBucketPolicy, DeleteBucketPolicy, <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html">GetBucketPolicyStatus</a>.
 */
final class PolicyOperations {

  private final Store store;

  PolicyOperations(Store store) {
    this.store = store;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("GetBucketPolicy", "GET", this::get).when("policy"),
        Operation.onBucket("PutBucketPolicy", "PUT", this::put)
            .when("policy")
            .headers("x-amz-confirm-remove-self-bucket-access"),
        Operation.onBucket("DeleteBucketPolicy", "DELETE", this::delete).when("policy"),
        Operation.onBucket("GetBucketPolicyStatus", "GET", this::status).when("policyStatus"));
  }

  private PolicyDocument policy(Request request) {
    PolicyDocument policy = store.bucket(request.bucket()).settings().policy();
    if (policy == null) {
      throw new S3Error(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
          .detail("BucketName", request.bucket());
    }
    return policy;
  }

  private Response get(Request request) {
    byte[] text = policy(request).text().getBytes(StandardCharsets.UTF_8);
    return new Response(200).header("Content-Type", "application/json").body(text);
  }

  private Response put(Request request) {
    PolicyDocument policy = parse(new String(request.payload().content(), StandardCharsets.UTF_8));
    checkOf(request.bucket(), policy);
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      if (policy.isPublic() && bucket.settings().blocks(BucketSettings.BLOCK_PUBLIC_POLICY)) {
        throw S3Error.accessDenied(
            "Public policies are prevented by the BlockPublicPolicy setting");
      }
      bucket.settings().setPolicy(policy);
    }
    return new Response(204);
  }

  private static PolicyDocument parse(String text) {
    try {
      return PolicyDocument.parse(text);
    } catch (IllegalArgumentException e) {
      throw new S3Error(400, "MalformedPolicy", String.valueOf(e.getMessage()));
    }
  }

  private static void checkOf(String bucket, PolicyDocument policy) {
    String arn = "arn:aws:s3:::" + bucket;
    for (PolicyStatement statement : policy.statements()) {
      if (statement.principals().isEmpty()) {
        throw new S3Error(400, "MalformedPolicy", "Missing required field Principal");
      }
      for (String resource : statement.resources()) {
        if (!resource.equals(arn) && !resource.startsWith(arn + '/')) {
          throw new S3Error(400, "MalformedPolicy", "Policy has invalid resource");
        }
      }
    }
  }

  private Response delete(Request request) {
    store.bucket(request.bucket()).settings().setPolicy(null);
    return new Response(204);
  }

  private Response status(Request request) {
    XmlWriter document = XmlWriter.root("PolicyStatus");
    document.element("IsPublic", policy(request).isPublic());
    return Response.xml(document.close("PolicyStatus"));
  }
}
