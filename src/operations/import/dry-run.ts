// A dry run: writes of an import go to memory and are gone when the command ends.
import { type ImportRecord, type Imports, type PlannedRange, type RangeTrace, withKeyOf } from '../../store/imports.js';
import type { NodeRegistry } from '../../store/nodes.js';
import type { ImportParts } from './run.js';

export function createDryRun(
  imports: Imports,
  nodes: Pick<NodeRegistry, 'get'>,
): Pick<ImportParts, 'imports' | 'documents' | 'nodes'> {
  const begun: ImportRecord[] = [];
  const ranges = new Map<string, PlannedRange>();
  const traces = new Map<string, RangeTrace[]>();
  const numbers = new Map<string, number>();

  const begunInto = async (site: string) => [
    ...(await imports.begun(site)),
    ...begun.filter((record) => record.site.id === site),
  ];
  const tracesOf = async (id: string) => [...(await imports.traces(id)), ...(traces.get(id) ?? [])];
  const rangeOf = async (id: string, number: number) => (await imports.range(id, number)) ?? ranges.get(`${id} ${number}`);

  return {
    imports: {
      ...imports,
      async begin(record, isSame) {
        const known = await begunInto(record.site.id);
        const same = known.find(isSame);
        if (same !== undefined) return same;
        const kept = withKeyOf(known, record);
        begun.push(kept);
        return kept;
      },
      begun: begunInto,
      range: rangeOf,
      async plan(id, range) {
        const before = await rangeOf(id, range.number);
        if (before === undefined) ranges.set(`${id} ${range.number}`, range);
        return before ?? range;
      },
      async decide(id, trace) {
        const before = (await tracesOf(id)).find(({ number }) => number === trace.number);
        if (before === undefined) traces.set(id, [...(traces.get(id) ?? []), trace]);
        return before ?? trace;
      },
      traces: tracesOf,
    },
    documents: {
      async apply({ node, number }) {
        numbers.set(node, number);
        return { outcome: 'applied', rejected: [] };
      },
    },
    nodes: {
      async get(id) {
        const number = numbers.get(id);
        return number === undefined ? nodes.get(id) : { number, checksum: 0, countedUntilMs: 0 };
      },
    },
  };
}
