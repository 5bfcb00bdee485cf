package io.millrace.launcher.prices;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.plugin.model.TokenPrice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * List prices of public models, for those that the configuration says nothing of. Data with a date:
 * prices change, and the configuration wins. Immutable.
 *
 * @param date when it was put together, year and month
 * @param vendors whose prices, by name
 */
public record PriceTable(String date, Map<String, Vendor> vendors) {

  private static final String RESOURCE = "prices.json";

  /** 1 USD for a million tokens is 1,000 nano-dollars for one. */
  private static final int NANOS_PER_USD_PER_MILLION = 1_000;

  /** Copies the map, keeping the order. */
  public PriceTable {
    Objects.requireNonNull(date, "date");
    vendors = Map.copyOf(vendors);
  }

  /**
   * One vendor.
   *
   * @param source where its prices are published
   * @param checked when the prices were looked up, and where; or that they could not be
   * @param hosts where its service is reached, besides by the provider type of its name
   * @param models by name; {@code *} for all others
   */
  public record Vendor(
      String source, String checked, List<String> hosts, Map<String, Price> models) {

    /** Copies the collections. */
    public Vendor {
      hosts = List.copyOf(hosts);
      models = Map.copyOf(models);
    }
  }

  /**
   * In US dollars for a million tokens.
   *
   * @param cachedInput null where cached tokens cost as much as others
   */
  public record Price(
      double input, double output, @JsonProperty("cached_input") @Nullable Double cachedInput) {

    /** In nano-dollars for each token. */
    public TokenPrice perToken() {
      return new TokenPrice(
          nanos(input), nanos(output), nanos(cachedInput == null ? input : cachedInput));
    }

    private static long nanos(double usdPerMillionTokens) {
      return Math.round(usdPerMillionTokens * NANOS_PER_USD_PER_MILLION);
    }
  }

  /** The table that comes with the program. */
  public static PriceTable load() {
    try (InputStream in =
        Objects.requireNonNull(PriceTable.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new ObjectMapper().readValue(in, PriceTable.class);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  /**
   * The prices of a provider, by model.
   *
   * @param type the provider's type
   * @param baseUrl where it is reached, or null for where its type is by default
   * @return empty where the table does not know whose models these are
   */
  public Map<String, TokenPrice> of(String type, @Nullable String baseUrl) {
    Map<String, TokenPrice> prices = new LinkedHashMap<>();
    vendor(type, baseUrl)
        .ifPresent(
            vendor -> vendor.models().forEach((name, price) -> prices.put(name, price.perToken())));
    return prices;
  }

  private Optional<Vendor> vendor(String type, @Nullable String baseUrl) {
    if (baseUrl == null) {
      return Optional.ofNullable(vendors.get(type));
    }
    String host = host(baseUrl);
    return vendors.values().stream().filter(vendor -> vendor.hosts().contains(host)).findFirst();
  }

  private static String host(String baseUrl) {
    try {
      return Objects.requireNonNullElse(URI.create(baseUrl).getHost(), "");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
