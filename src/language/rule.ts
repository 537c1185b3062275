// Rules of zod whose messages are in every language: English for programs, the reader's for people.
import type { z } from 'zod';
import type { Text } from './languages.js';

type Issue = Readonly<Record<'params', unknown>> | object;

/** For `check`: adds an issue unless the value is right. */
export function rule<Value>(isRight: (value: Value) => boolean, text: Text | ((value: Value) => Text)) {
  return ({ value, issues }: z.core.ParsePayload<Value>): void => {
    if (isRight(value)) return;
    const told = typeof text === 'function' ? text(value) : text;
    issues.push({ code: 'custom', input: value, message: told.en, params: { text: told } });
  };
}

/** Undefined: the issue is not from such a rule, but from zod itself. */
export function textOfIssue(issue: Issue | undefined): Text | undefined {
  const { params } = (issue ?? {}) as { readonly params?: { readonly text?: Text } };
  return params?.text;
}
