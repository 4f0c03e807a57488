import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { Draft } from '../lib/drafts.ts';
import { mergeForms } from '../lib/merge.ts';
import { Icon } from './Icon.tsx';
import { ProblemBox } from './States.tsx';

export interface SaveBarProps<Form extends object> {
  readonly draft: Draft<Form>;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  /** A field's name for people. */
  readonly nameOf: (field: keyof Form) => string;
}

/** Below a form: what is not saved, what stood in the way, and the way on. */
export function SaveBar<Form extends object>(props: SaveBarProps<Form>) {
  const { draft, onSave, onDiscard, nameOf } = props;
  const { t } = useTranslation();
  const { base, form, conflict, problem, fields, isSaving, version } = useStore(draft.store);
  if (conflict) {
    const { disputed } = mergeForms(base, form, conflict.theirs);
    return (
      <div className="conflict" role="alert">
        <p>
          <Icon name="alert" />
          {conflict.by
            ? t('drafts.changedBy', { name: conflict.by })
            : t('drafts.changedBySomebody')}
        </p>
        {disputed.length > 0 && (
          <p>{t('drafts.disputed', { fields: disputed.map(nameOf).join(', ') })}</p>
        )}
        <div className="row">
          <Button className="primary" onPress={() => draft.reapply()}>
            {t('drafts.reapply')}
          </Button>
          <Button onPress={() => draft.discard()}>{t('drafts.takeTheirs')}</Button>
        </div>
      </div>
    );
  }
  const isNew = version === undefined;
  return (
    <>
      {problem && <ProblemBox problem={problem} />}
      {!problem && fields.length > 0 && (
        <p className="field-error" role="alert">
          {t('problems.bad-request')} {fields.map(({ path }) => path).join(', ')}
        </p>
      )}
      <div className="row">
        <Button className="primary" isDisabled={isSaving || !draft.isDirty} onPress={onSave}>
          {isSaving ? t('common.saving') : isNew ? t('common.create') : t('common.save')}
        </Button>
        {draft.isDirty && <Button onPress={onDiscard}>{t('drafts.discard')}</Button>}
        {draft.isDirty && !isNew && <span className="hint">{t('drafts.unsaved')}</span>}
      </div>
    </>
  );
}
