package dev.copperplate.backup.testkit.s3;

/**
 * A request as it came in.
 *
 * @param number from 1, in the order of arrival
 * @param method of HTTP
 * @param operation as the API calls it, such as {@code PutObject}; {@code Unknown} for none that
 *     the server knows
 * @param bucket empty for the service
 * @param key empty for a bucket
 * @param bytes of the body as it was sent, with the framing of chunks
 */
public record S3Request(
    long number, String method, String operation, String bucket, String key, long bytes) {}
