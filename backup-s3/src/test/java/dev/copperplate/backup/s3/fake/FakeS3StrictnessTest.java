package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.StorageClass;

/** Nothing that matters is ignored, and errors look as those of AWS. */
class FakeS3StrictnessTest extends FakeS3Suite {

  private RawS3 raw;

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET);
    put("k", "1");
    raw = new RawS3(fake);
  }

  private static void assertCode(int status, String code, HttpResponse<String> response) {
    assertTrue(response.body().contains("<Code>" + code + "</Code>"), response.body());
    assertEquals(status, response.statusCode());
  }

  @Test
  void subresourcesThatItDoesNotHaveAreRefused() throws Exception {
    for (String path :
        List.of(
            "/orders?acl",
            "/orders?tagging",
            "/orders?website",
            "/orders?list-type=2&unknown=1",
            "/orders",
            "/orders/k?acl",
            "/orders/k?tagging",
            "/orders/k?attributes",
            "/orders/k?torrent",
            "/orders/k?partNumber=1")) {
      assertCode(501, "NotImplemented", raw.send("GET", path));
    }
    for (String path :
        List.of("/orders?tagging", "/orders?replication", "/orders/k?tagging", "/orders?acl")) {
      assertCode(501, "NotImplemented", raw.send("PUT", path, Map.of(), "<a/>"));
    }
    assertCode(501, "NotImplemented", raw.send("POST", "/orders/k?restore", Map.of(), "<a/>"));
    assertEquals("1", get("k"));
  }

  @Test
  void headersThatItDoesNotHaveAreRefused() throws Exception {
    for (String header :
        List.of(
            "x-amz-tagging",
            "x-amz-server-side-encryption-customer-algorithm",
            "x-amz-website-redirect-location",
            "x-amz-grant-read",
            "x-amz-write-offset-bytes",
            "x-amz-unheard-of",
            "if-modified-since",
            "range")) {
      HttpResponse<String> refused =
          raw.send("PUT", "/orders/other", Map.of(header, "value"), "content");
      assertCode(501, "NotImplemented", refused);
    }
    assertRefused(404, "NoSuchKey", () -> get("other"));
  }

  @Test
  void aCopyOfAPartIsRefusedInsteadOfStoredAsNothing() throws Exception {
    String upload = client.createMultipartUpload(r -> r.bucket(BUCKET).key("k")).uploadId();

    assertCode(
        501,
        "NotImplemented",
        raw.send(
            "PUT",
            "/orders/k?partNumber=1&uploadId=" + upload,
            Map.of("x-amz-copy-source", "/orders/k"),
            ""));
  }

  @Test
  void accessControlListsAreRefusedAsNewBucketsDo() {
    assertRefused(
        400,
        "AccessControlListNotSupported",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("k").acl("public-read"), RequestBody.fromString("2")));
    assertEquals("1", get("k"));
  }

  @Test
  void anArchivedObjectIsNotServed() {
    client.putObject(
        r -> r.bucket(BUCKET).key("cold").storageClass(StorageClass.DEEP_ARCHIVE),
        RequestBody.fromString("1"));

    assertRefused(403, "InvalidObjectState", () -> get("cold"));
    assertEquals(
        StorageClass.DEEP_ARCHIVE,
        client.headObject(r -> r.bucket(BUCKET).key("cold")).storageClass());
  }

  @Test
  void aDeletionOfManyWithoutADigestIsRefused() throws Exception {
    assertCode(
        400,
        "InvalidRequest",
        raw.send(
            "POST", "/orders?delete", Map.of(), "<Delete><Object><Key>k</Key></Object></Delete>"));
    assertEquals("1", get("k"));
  }

  @Test
  void documentsThatAreNoneOrHoldMoreAreRefused() throws Exception {
    for (String document :
        List.of(
            "",
            "no document",
            "<Other/>",
            "<VersioningConfiguration><Status>Enabled</Status><More/></VersioningConfiguration>",
            "<!DOCTYPE a [<!ENTITY b 'Enabled'>]><VersioningConfiguration><Status>&b;</Status>"
                + "</VersioningConfiguration>")) {
      assertCode(400, "MalformedXML", raw.send("PUT", "/orders?versioning", Map.of(), document));
    }
  }

  @Test
  void anErrorNamesCodeMessageResourceAndRequest() throws Exception {
    HttpResponse<String> refused = raw.send("GET", "/orders/absent%20%3C");

    String body = refused.body();
    assertTrue(body.contains("<Code>NoSuchKey</Code><Message>"), body);
    assertTrue(body.contains("<Resource>/orders/absent &lt;</Resource>"), body);
    String id = refused.headers().firstValue("x-amz-request-id").orElseThrow();
    assertTrue(body.contains("<RequestId>" + id + "</RequestId>"), body);
  }

  @Test
  void nothingCanBePutWithoutSayingHowLongItIs() throws Exception {
    fake.forgetRequests();
    HttpResponse<String> refused = raw.sendChunked("/orders/k", "content");

    assertCode(411, "MissingContentLength", refused);
    assertEquals("1", get("k"));
  }
}
