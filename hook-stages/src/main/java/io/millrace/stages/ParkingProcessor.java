package io.millrace.stages;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.ParkedExchange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** The clock of what is parked: lets exchanges go on whose time has come. Takes no records. */
final class ParkingProcessor implements Processor<String, Passage, String, Object> {

  /** How often it looks; deferrals are rounded up to it. */
  static final Duration TICK = Duration.ofMillis(100);

  /** How often one that waits for another makes sure that the other is still there. */
  static final Duration LEADER_CHECK = Duration.ofSeconds(1);

  /** The most exchanges that go on in one tick, so that a crowd does not stall the stage. */
  private static final int MAX_PER_TICK = 1_000;

  private final StageSetup setup;
  private Outlet outlet;
  private Parking parking;
  private Joins joins;

  ParkingProcessor(StageSetup setup) {
    this.setup = setup;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    outlet = setup.outlet(context);
    parking = new Parking(context, setup);
    joins = new Joins(context, setup, parking);
    parking.rebuild(outlet.nowMillis(), joins::restore);
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::letGoOn);
  }

  @Override
  public void process(Record<String, Passage> record) {
    throw new IllegalStateException(setup.nodes().parking() + " takes no records");
  }

  private void letGoOn(long nowMillis) {
    for (String id : parking.takeDue(nowMillis, MAX_PER_TICK)) {
      ParkedExchange entry = parking.get(id);
      if (entry == null) {
        continue;
      }
      if (!parking.isOpen(entry)) {
        parking.remove(entry);
      } else if (!setup.has(entry.getHook())) {
        passBy(entry);
      } else if (Parking.waits(entry)) {
        lookAfter(entry, nowMillis);
      } else if (Objects.requireNonNullElse(entry.getDueAtMillis(), 0L) <= nowMillis) {
        goOnUnlessCalling(entry, nowMillis);
      }
    }
  }

  /** At a remote hook it waits on while its call is under way here. */
  private void goOnUnlessCalling(ParkedExchange entry, long nowMillis) {
    HookDirection direction = entry.getReturning() ? HookDirection.POST : HookDirection.PRE;
    RemoteCalls.Key call = RemoteHook.key(entry.getExchange(), entry.getHook(), direction);
    if (setup.chain().remoteCalls().running(call)) {
      parking.remindAt(nowMillis + TICK.toMillis(), entry.getExchange().getExchangeId());
    } else {
      goOn(entry);
    }
  }

  /** One that waits takes the lead when whoever led is gone without a word. */
  private void lookAfter(ParkedExchange entry, long nowMillis) {
    Exchange exchange = entry.getExchange();
    String joinKey = Objects.requireNonNull(entry.getJoinKey());
    if (joins.ledByAnother(joinKey, exchange)) {
      parking.remindAt(nowMillis + LEADER_CHECK.toMillis(), exchange.getExchangeId());
    } else {
      joins.lead(entry.getHook(), joinKey, exchange);
      parking.remove(entry);
      lead(entry);
    }
  }

  private void goOn(ParkedExchange entry) {
    parking.remove(entry);
    if (entry.getPromoted()) {
      lead(entry);
    } else if (entry.getReturning()) {
      forward(new Passage(entry.getExchange()), StageNodes.post(entry.getHook()));
    } else {
      forward(new Passage(entry.getExchange()), StageNodes.pre(entry.getHook()));
    }
  }

  /** Its PreHook has decided already: it goes on from there with the request it decided on. */
  private void lead(ParkedExchange entry) {
    Passage passage = new Passage(entry.getExchange());
    passage.note(entry.getHook(), HookDirection.PRE, "lead");
    passage.noteRun(entry.getHook());
    forward(passage, setup.nodes().nextPre(setup.hookNames().indexOf(entry.getHook())));
  }

  /** The hook is gone from the chain: on with whatever follows the last hook that has run. */
  private void passBy(ParkedExchange entry) {
    parking.remove(entry);
    Passage passage = new Passage(entry.getExchange());
    outlet.hookGone(passage.exchange(), entry.getHook());
    if (entry.getReturning()) {
      forward(passage, setup.nodes().firstPost());
      return;
    }
    List<String> names = setup.hookNames();
    int last = -1;
    for (String ran : passage.hooksToUnwind()) {
      last = Math.max(last, names.indexOf(ran));
    }
    forward(passage, last < 0 ? setup.nodes().firstPre() : setup.nodes().nextPre(last));
  }

  private void forward(Passage passage, String node) {
    outlet.pass(passage, passage.key(), node);
  }
}
