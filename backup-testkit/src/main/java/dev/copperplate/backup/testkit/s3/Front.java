package dev.copperplate.backup.testkit.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes requests, has them checked and carried out, and sends the answers. Thread-safe. */
final class Front implements HttpHandler {

  private final Service service;
  private final Journal journal;
  private final Faults faults;

  Front(Service service, Journal journal, Faults faults) {
    this.service = service;
    this.journal = journal;
    this.faults = faults;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    long number = journal.next();
    try {
      serve(exchange, number);
    } finally {
      exchange.close();
    }
  }

  private void serve(HttpExchange exchange, long number) throws IOException {
    String method = exchange.getRequestMethod();
    Request request;
    try {
      request = new Request(exchange, Request.body(exchange));
    } catch (S3Error e) {
      S3Request asked = new S3Request(number, method, "Unknown", "", "", 0);
      send(
          exchange,
          answer(e, exchange.getRequestURI().getRawPath(), number),
          null,
          asked,
          "",
          e.code());
      return;
    }
    Optional<Operation> operation = service.operation(request);
    S3Request asked =
        new S3Request(
            number,
            method,
            operation.map(Operation::name).orElse("Unknown"),
            request.bucket(),
            request.key(),
            request.body().length);
    serve(exchange, request, operation, asked);
  }

  private void serve(
      HttpExchange exchange, Request request, Optional<Operation> operation, S3Request asked)
      throws IOException {
    S3Fault fault = faults.of(asked);
    Response response;
    String code = "";
    try {
      response = carryOut(request, operation, fault);
    } catch (S3Error e) {
      code = e.code();
      response = answer(e, request.path(), asked.number());
    } catch (RuntimeException e) {
      code = "InternalError";
      S3Error failed = new S3Error(500, code, "The fake itself failed: " + e);
      response = answer(failed, request.path(), asked.number());
    }
    send(exchange, response, fault, asked, request.user().accessKey(), code);
  }

  private Response carryOut(
      Request request, Optional<Operation> operation, @Nullable S3Fault fault) {
    if (fault != null && fault.error() != null) {
      throw fault.error();
    }
    if (fault != null && fault.answer() != null) {
      return fault.answer();
    }
    if (fault != null && !fault.isCarriedOut()) {
      return new Response(500);
    }
    return service.answer(request, operation);
  }

  private static Response answer(S3Error error, String resource, long number) {
    XmlWriter document = XmlWriter.plainRoot("Error");
    document.element("Code", error.code()).element("Message", error.text());
    error.details().forEach(document::element);
    document.element("Resource", resource).element("RequestId", id(number));
    document.element("HostId", id(number) + id(number)).close("Error");
    Response response = new Response(error.status());
    if (error.status() != 304) {
      response.header("Content-Type", "application/xml").body(document.bytes());
    }
    error.headers().forEach(response::header);
    return response;
  }

  private void send(
      HttpExchange exchange,
      Response response,
      @Nullable S3Fault fault,
      S3Request asked,
      String user,
      String code)
      throws IOException {
    S3Fault.Ending ending = fault == null ? S3Fault.Ending.WHOLE : fault.ending();
    if (ending == S3Fault.Ending.NONE) {
      journal.add(new RecordedRequest(asked, user, 0, code, 0));
      return;
    }
    boolean headOnly = asked.method().equals("HEAD");
    long length = headOnly ? 0 : response.length();
    long sent = ending == S3Fault.Ending.CUT ? length / 2 : length;
    journal.add(new RecordedRequest(asked, user, response.status(), code, sent));
    setHeaders(exchange, response, asked.number(), headOnly);
    exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
    if (length > 0) {
      write(exchange.getResponseBody(), response, ending, (int) sent);
    }
  }

  private static void setHeaders(
      HttpExchange exchange, Response response, long number, boolean headOnly) {
    for (Map.Entry<String, String> header : response.headers().entrySet()) {
      exchange.getResponseHeaders().set(header.getKey(), header.getValue());
    }
    exchange.getResponseHeaders().set("x-amz-request-id", id(number));
    exchange.getResponseHeaders().set("x-amz-id-2", id(number) + id(number));
    if (headOnly && response.status() == 200) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(response.length()));
    }
  }

  private static String id(long number) {
    return String.format(Locale.ROOT, "%016X", number);
  }

  private static void write(
      OutputStream stream, Response response, S3Fault.Ending ending, int count) throws IOException {
    if (ending == S3Fault.Ending.SPOILT) {
      int from = response.offset();
      byte[] spoilt = Arrays.copyOfRange(response.bytes(), from, from + response.length());
      spoilt[spoilt.length / 2] ^= 1;
      stream.write(spoilt);
    } else {
      stream.write(response.bytes(), response.offset(), count);
    }
    stream.flush();
  }
}
